using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using VirtEngine.DR.Activities.ObjectStore.S3;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Support;

/// <summary>A real S3 server with an empty bucket.</summary>
internal sealed class S3Peer : IAsyncDisposable
{
    private const string Bucket = "backups";
    private readonly TempFolder _folder;
    private readonly PeerProgram _program;
    private readonly Uri _url;

    private S3Peer(TempFolder folder, PeerProgram program, Uri url) => (_folder, _program, _url) = (folder, program, url);

    public static async Task<S3Peer> StartAsync(string peer, CancellationToken token, bool locked = false)
    {
        var folder = new TempFolder();
        var port = FreePorts.One();
        Directory.CreateDirectory(folder.File("data"));
        Directory.CreateDirectory(folder.File("versions"));
        var program = peer == "versitygw"
            ? PeerProgram.Start(
                peer,
                ["--port", $"127.0.0.1:{port}", "--region", "us-east-1", "posix", "--versioning-dir", folder.File("versions"), folder.File("data")],
                new Dictionary<string, string> { ["ROOT_ACCESS_KEY"] = "test", ["ROOT_SECRET_KEY"] = "testtest" })
            : PeerProgram.Start(peer, ["-H", "127.0.0.1", "-p", $"{port}"]);
        var server = new S3Peer(folder, program, new Uri($"http://127.0.0.1:{port}"));
        try
        {
            using var client = Client(server._url, "testtest");
            await Eventually.TrueAsync(
                async () =>
                {
                    try
                    {
                        await client.PutBucketAsync(new PutBucketRequest { BucketName = Bucket, ObjectLockEnabledForBucket = locked }, token);
                        return true;
                    }
                    catch (Exception e) when (e is HttpRequestException or AmazonClientException or AmazonServiceException { StatusCode: 0 })
                    {
                        return false;
                    }
                },
                $"{peer} answers",
                90);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The store of this server's bucket.</summary>
    public IObjectStore Open(string bucket = Bucket, bool locked = false, string? profile = null) =>
        Open(_url, bucket: bucket, locked: locked, secret: profile is null ? "testtest" : "wrongwrong");

    /// <summary>The store of any server.</summary>
    public static IObjectStore Open(
        Uri url, string bucket = Bucket, bool locked = false, string? storageClass = null, string? kmsKey = null, string secret = "testtest") => new S3ObjectStore(
        Client(url, secret),
        bucket,
        "pre/",
        new BucketSpec { Url = $"s3://{bucket}/pre", Region = "us-east-1", Endpoint = url.AbsoluteUri, PathStyle = true, ObjectLock = locked, StorageClass = storageClass, KmsKeyId = kmsKey });

    /// <summary>Where it listens.</summary>
    public Uri Url => _url;

    /// <summary>Until when a version is locked, as its own headers say; null where it is not.</summary>
    public async Task<DateTimeOffset?> LockedUntilAsync(string key, string? version, CancellationToken token)
    {
        using var client = Client(_url, "testtest");
        var head = await client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = Bucket, Key = "pre/" + key, VersionId = version }, token);
        return head.ObjectLockRetainUntilDate is { } until && until != default ? new DateTimeOffset(until.ToUniversalTime()) : null;
    }

    /// <summary>Gives the bucket one lifecycle rule that expires what lies under the prefix.</summary>
    public async Task LifecycleAsync(string prefix, CancellationToken token)
    {
        using var client = Client(_url, "testtest");
        var rule = new LifecycleRule
        {
            Id = "expire",
            Status = LifecycleRuleStatus.Enabled,
            Filter = new LifecycleFilter { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = prefix } },
            Expiration = new LifecycleRuleExpiration { Days = 30 },
        };
        await client.PutLifecycleConfigurationAsync(new PutLifecycleConfigurationRequest { BucketName = Bucket, Configuration = new LifecycleConfiguration { Rules = [rule] } }, token);
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _folder.Dispose();
    }

    private static AmazonS3Client Client(Uri url, string secret)
    {
        var config = S3Clients.Config(new BucketSpec { Url = "s3://x", Region = "us-east-1", Endpoint = url.AbsoluteUri, PathStyle = true });
        return new AmazonS3Client(new BasicAWSCredentials("test", secret), config);
    }
}
