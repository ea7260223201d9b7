using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Amazon.S3;
using Amazon.S3.Model;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.ObjectStore.S3;

/// <summary>A bucket of S3 or of anything that speaks it. Objects stay below S3's limit of one request (5 GiB), so no multipart is needed.</summary>
internal sealed class S3ObjectStore(IAmazonS3 client, string bucket, string root, BucketSpec spec) : IObjectStore
{
    private const int ConflictTries = 5;

    /// <inheritdoc/>
    public string Location => $"s3://{bucket}/{root} ({spec.Region})";

    /// <inheritdoc/>
    public ObjectStoreCapabilities Capabilities { get; } = new(Versioned: spec.ObjectLock, ObjectLock: spec.ObjectLock);

    /// <inheritdoc/>
    public async Task<PutOutcome> PutAsync(string key, ReadOnlyMemory<byte> body, PutOptions? options, CancellationToken cancellationToken)
    {
        ObjectKeys.Validate(key);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var stream = Stream(body);
                await client.PutObjectAsync(Request(key, stream, options), cancellationToken).ConfigureAwait(false);
                return PutOutcome.Created;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                return PutOutcome.Exists;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Conflict && attempt < ConflictTries)
            {
                // Two conditional writes at one moment: whoever is told so asks again.
                await Task.Delay(TimeSpan.FromMilliseconds(50 * attempt), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (S3Errors.Map(e, Location, key, cancellationToken) is { } mapped)
            {
                throw mapped;
            }
        }
    }

    /// <inheritdoc/>
    public Task<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKeys.Validate(key);
        return CallAsync(key, async () =>
        {
            var head = await MetadataAsync(key, version: null, cancellationToken).ConfigureAwait(false);
            return head is null ? null : new ObjectInfo(key, head.ContentLength, Time(head.LastModified), Version(head.VersionId));
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(string key, string? version, CancellationToken cancellationToken)
    {
        ObjectKeys.Validate(key);
        return CallAsync(key, async () =>
        {
            try
            {
                var response = await client.GetObjectAsync(
                    new GetObjectRequest { BucketName = bucket, Key = root + key, VersionId = version }, cancellationToken).ConfigureAwait(false);
                return (Stream?)new S3BodyStream(response, Location, key);
            }
            catch (AmazonS3Exception e) when (S3Errors.IsMissing(e))
            {
                return null;
            }
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var request = new ListObjectsV2Request { BucketName = bucket, Prefix = root + prefix, ContinuationToken = token };
            var page = await CallAsync(prefix, () => client.ListObjectsV2Async(request, cancellationToken), cancellationToken).ConfigureAwait(false);
            foreach (var item in page.S3Objects ?? [])
            {
                yield return new ObjectInfo(item.Key[root.Length..], item.Size ?? 0, Time(item.LastModified));
            }

            token = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (token is not null);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListVersionsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? keyMarker = null;
        string? versionMarker = null;
        do
        {
            var request = new ListVersionsRequest { BucketName = bucket, Prefix = root + prefix, KeyMarker = keyMarker, VersionIdMarker = versionMarker };
            var page = await CallAsync(prefix, () => client.ListVersionsAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
            foreach (var item in (page.Versions ?? []).Where(item => item.IsDeleteMarker != true))
            {
                yield return new ObjectInfo(item.Key[root.Length..], item.Size ?? 0, Time(item.LastModified), Version(item.VersionId));
            }

            (keyMarker, versionMarker) = page.IsTruncated == true ? (page.NextKeyMarker, page.NextVersionIdMarker) : (null, null);
        }
        while (keyMarker is not null);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string key, string? version, CancellationToken cancellationToken)
    {
        ObjectKeys.Validate(key);
        return CallAsync(key, async () =>
        {
            try
            {
                await client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, Key = root + key, VersionId = version }, cancellationToken).ConfigureAwait(false);
            }
            catch (AmazonS3Exception e) when (S3Errors.IsMissing(e))
            {
                // Not there: deleting succeeded.
            }

            return true;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task ExtendRetentionAsync(string key, string? version, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ObjectKeys.Validate(key);
        return !spec.ObjectLock ? Task.CompletedTask : CallAsync(key, async () =>
        {
            await new S3Retention(client, bucket, root + key, version).ExtendAsync($"{Location}: {key}", until, cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> RetainedUntilAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKeys.Validate(key);
        return !spec.ObjectLock ? Task.FromResult<DateTimeOffset?>(null)
            : CallAsync(key, () => new S3Retention(client, bucket, root + key, null).UntilAsync(cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> PolicyProblemsAsync(CancellationToken cancellationToken) =>
        S3Lifecycle.ProblemsAsync(client, bucket, root, Location, required: spec.ObjectLock, cancellationToken);

    private static MemoryStream Stream(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false, publiclyVisible: true) : new MemoryStream(body.ToArray(), writable: false);

    private static DateTimeOffset Time(DateTime? time) => time is { } value ? new DateTimeOffset(value.ToUniversalTime(), TimeSpan.Zero) : default;

    private static string? Version(string? version) => version is null or "" or "null" ? null : version;

    private PutObjectRequest Request(string key, MemoryStream stream, PutOptions? options)
    {
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = root + key,
            InputStream = stream,
            AutoCloseStream = false,
            ContentType = options?.ContentType ?? "application/octet-stream",
            ChecksumCRC32 = S3Checksum.Of(stream),

            // Named too: a bucket with object lock asks for the algorithm's header, whoever computed the value.
            ChecksumAlgorithm = ChecksumAlgorithm.CRC32,

            // One pass over the body instead of one and a signature a chunk; TLS already protects what it carries.
            UseChunkEncoding = false,
            DisablePayloadSigning = spec.Endpoint?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) != true,
        };
        if (options?.Overwrite != true)
        {
            request.IfNoneMatch = "*";
        }

        if (spec.StorageClass is { Length: > 0 } storage)
        {
            request.StorageClass = new S3StorageClass(storage);
        }

        if (spec.KmsKeyId is { Length: > 0 } kms)
        {
            request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS;
            request.ServerSideEncryptionKeyManagementServiceKeyId = kms;
        }

        if (options?.RetainUntil is { } until && spec.ObjectLock)
        {
            request.ObjectLockMode = ObjectLockMode.Compliance;
            request.ObjectLockRetainUntilDate = until.UtcDateTime;
        }

        return request;
    }

    private async Task<GetObjectMetadataResponse?> MetadataAsync(string key, string? version, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = bucket, Key = root + key, VersionId = version }, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonS3Exception e) when (S3Errors.IsMissing(e))
        {
            return null;
        }
    }

    private async Task<T> CallAsync<T>(string key, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (S3Errors.Map(e, Location, key, cancellationToken) is { } mapped)
        {
            throw mapped;
        }
    }
}
