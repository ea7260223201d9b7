using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using VirtEngine.DR.Activities.ObjectStore.S3;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing.S3;

/// <summary>A bucket of S3 as one of the register. Its client never retries: a retry behind a lost answer would hide whose write it was.</summary>
internal sealed class S3RegisterBucket(string name, IAmazonS3 client, string bucket, string root, bool versioned) : IRegisterBucket, IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Name => name;

    /// <summary>Opens a <c>s3://bucket/prefix</c>.</summary>
    public static S3RegisterBucket Open(string name, bool versioned, Uri url, BucketSpec spec)
    {
        var config = S3Clients.Config(spec);
        config.MaxErrorRetry = 0;
        config.Timeout = Timeout;

        // Small objects: the SDK's own check of the checksum costs nothing here.
        config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_SUPPORTED;
        var prefix = Uri.UnescapeDataString(url.AbsolutePath.Trim('/'));
        return new S3RegisterBucket(name, S3Clients.Client(spec, config), url.Host, prefix.Length == 0 ? "" : prefix + "/", versioned);
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    /// <inheritdoc/>
    public async Task<PutAnswer> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = new MemoryStream(body.ToArray(), writable: false);
            var request = new PutObjectRequest { BucketName = bucket, Key = root + key, InputStream = stream, ContentType = "application/json", IfNoneMatch = "*" };
            await client.PutObjectAsync(request, cancellationToken).ConfigureAwait(false);
            return PutAnswer.Created;
        }
        catch (AmazonServiceException e)
        {
            return e.StatusCode switch
            {
                HttpStatusCode.PreconditionFailed => PutAnswer.Exists,
                HttpStatusCode.Conflict => PutAnswer.Conflict,
                HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => PutAnswer.Forbidden,
                _ => PutAnswer.Unknown,
            };
        }
        catch (Exception e) when (IsOutage(e, cancellationToken))
        {
            return PutAnswer.Unknown;
        }
    }

    /// <inheritdoc/>
    public async Task<GetAnswer> GetAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var version = versioned ? await OldestAsync(root + key, cancellationToken).ConfigureAwait(false) : null;
            if (versioned && version is null)
            {
                return GetAnswer.Missing;
            }

            using var response = await client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = root + key, VersionId = version }, cancellationToken).ConfigureAwait(false);
            if (response.ContentLength > SlotBytes.Limit)
            {
                return GetAnswer.Unknown($"{key} has {response.ContentLength} bytes: nothing of the register is so large");
            }

            using var bytes = new MemoryStream();
            await response.ResponseStream.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            return bytes.Length == response.ContentLength ? GetAnswer.Found(bytes.ToArray())
                : GetAnswer.Unknown($"{key}: the body ended after {bytes.Length} of {response.ContentLength} bytes");
        }
        catch (AmazonS3Exception e) when (S3Errors.IsMissing(e))
        {
            return GetAnswer.Missing;
        }
        catch (Exception e) when (e is AmazonServiceException || IsOutage(e, cancellationToken))
        {
            return GetAnswer.Unknown($"{key}: {Words(e)}");
        }
    }

    /// <inheritdoc/>
    public async Task<ListAnswer> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        try
        {
            var keys = new List<string>();
            string? token = null;
            do
            {
                var page = await client.ListObjectsV2Async(
                    new ListObjectsV2Request { BucketName = bucket, Prefix = root + prefix, ContinuationToken = token }, cancellationToken).ConfigureAwait(false);
                keys.AddRange((page.S3Objects ?? []).Select(item => item.Key[root.Length..]));
                token = page.NextContinuationToken;
                if (page.IsTruncated == true && token is null)
                {
                    return new ListAnswer(null, $"{prefix}: the listing is cut and does not say how to go on");
                }
            }
            while (token is not null);
            return new ListAnswer(keys, null);
        }
        catch (Exception e) when (e is AmazonServiceException || IsOutage(e, cancellationToken))
        {
            return new ListAnswer(null, $"{prefix}: {Words(e)}");
        }
    }

    /// <summary>The oldest version of a key: what was written first counts, whoever overwrote it. A later delete marker hides nothing.</summary>
    private async Task<string?> OldestAsync(string key, CancellationToken cancellationToken)
    {
        S3ObjectVersion? oldest = null;
        var request = new ListVersionsRequest { BucketName = bucket, Prefix = key };
        ListVersionsResponse page;
        do
        {
            page = await client.ListVersionsAsync(request, cancellationToken).ConfigureAwait(false);

            // Newest first within a key: the last one seen is the oldest.
            oldest = (page.Versions ?? []).LastOrDefault(item => item.Key == key && item.IsDeleteMarker != true) ?? oldest;
            (request.KeyMarker, request.VersionIdMarker) = (page.NextKeyMarker, page.NextVersionIdMarker);
        }
        while (page.IsTruncated == true);
        return oldest?.VersionId;
    }

    private static bool IsOutage(Exception e, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested
        && e is AmazonClientException or HttpRequestException or IOException or TimeoutException or System.Net.Sockets.SocketException or OperationCanceledException;

    private static string Words(Exception e) => e is AmazonServiceException service ? $"{(int)service.StatusCode} {service.ErrorCode} {e.Message}" : e.Message;
}
