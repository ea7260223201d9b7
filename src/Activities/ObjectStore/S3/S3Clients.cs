using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.ObjectStore.S3;

/// <summary>Makes S3 clients with every deadline set; the SDK's own defaults have none.</summary>
internal static class S3Clients
{
    /// <summary>The store of an <c>s3://bucket/prefix</c> URL.</summary>
    public static IObjectStore Open(BucketSpec spec, Uri url)
    {
        var prefix = url.AbsolutePath.Trim('/');
        return new S3ObjectStore(Open(spec), url.Host, prefix.Length == 0 ? "" : Uri.UnescapeDataString(prefix) + "/", spec);
    }

    /// <summary>The client's settings for a bucket.</summary>
    internal static AmazonS3Config Config(BucketSpec spec)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = spec.PathStyle,
            AuthenticationRegion = spec.SigningRegion ?? spec.Region,
            Timeout = TimeSpan.FromSeconds(60),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 3,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_SUPPORTED,

            // S3BodyStream checks the CRC: the SDK's own is a byte at a time and took a fifth of a backup's time.
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };

        // Setting the region after the endpoint would erase the endpoint.
        if (spec.Endpoint is { Length: > 0 } endpoint)
        {
            config.ServiceURL = endpoint;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(spec.SigningRegion ?? spec.Region);
        }

        return config;
    }

    /// <summary>A client with these settings and the bucket's credentials.</summary>
    internal static AmazonS3Client Client(BucketSpec spec, AmazonS3Config config) =>
        spec.Profile is { Length: > 0 } profile ? new AmazonS3Client(Profile(profile), config) : new AmazonS3Client(config);

    private static AmazonS3Client Open(BucketSpec spec)
    {
        var client = Client(spec, Config(spec));
        client.BeforeRequestEvent += S3Checksum.Ask;
        return client;
    }

    private static AWSCredentials Profile(string profile) =>
        new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var credentials)
            ? credentials
            : throw Failures.Permanent(ErrorTypes.NotConfigured, $"the AWS credentials file of this host has no profile '{profile}'");
}
