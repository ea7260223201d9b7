using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Activities.ObjectStore.S3;

/// <summary>The lock of one version of one object.</summary>
/// <param name="client">The client.</param>
/// <param name="bucket">The bucket.</param>
/// <param name="key">The whole key.</param>
/// <param name="version">The version; null is the newest.</param>
internal sealed class S3Retention(IAmazonS3 client, string bucket, string key, string? version)
{
    /// <summary>Locks until the date where the lock ends earlier, and reads it back. It is never shortened.</summary>
    /// <param name="what">For messages.</param>
    /// <param name="until">The date; the store keeps whole seconds.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    /// <exception cref="ObjectStoreException">The lock is not there after it was set.</exception>
    public async Task ExtendAsync(string what, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var (present, _) = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (present >= until)
        {
            return;
        }

        await client.PutObjectRetentionAsync(
            new PutObjectRetentionRequest
            {
                BucketName = bucket,
                Key = key,
                VersionId = version,
                Retention = new ObjectLockRetention { Mode = ObjectLockRetentionMode.Compliance, RetainUntilDate = until.UtcDateTime },
            },
            cancellationToken).ConfigureAwait(false);
        var (now, known) = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (known && !(now >= until.AddSeconds(-1)))
        {
            throw new ObjectStoreException($"{what}: its retention is {now?.ToString("O") ?? "none"} after it was set to {until:O}; does the bucket have object lock?", transient: false);
        }
    }

    /// <summary>The date; null where there is none or it cannot be had.</summary>
    public async Task<DateTimeOffset?> UntilAsync(CancellationToken cancellationToken) => (await ReadAsync(cancellationToken).ConfigureAwait(false)).Until;

    /// <summary>
    /// The date, and whether it is known. The object's own headers carry it; of former versions some servers leave them out, and their
    /// answer to the direct question is one that the SDK cannot parse: then only their word that they set it is left.
    /// </summary>
    private async Task<(DateTimeOffset? Until, bool Known)> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var head = await client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = bucket, Key = key, VersionId = version }, cancellationToken).ConfigureAwait(false);
            if (head.ObjectLockRetainUntilDate is { } shown && shown != default)
            {
                return (new DateTimeOffset(shown.ToUniversalTime(), TimeSpan.Zero), true);
            }

            var answer = await client.GetObjectRetentionAsync(new GetObjectRetentionRequest { BucketName = bucket, Key = key, VersionId = version }, cancellationToken).ConfigureAwait(false);
            return answer.Retention?.RetainUntilDate is { } date && date != default ? (new DateTimeOffset(date.ToUniversalTime(), TimeSpan.Zero), true) : (null, version is null);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode is "NoSuchObjectLockConfiguration" || e.StatusCode is HttpStatusCode.NotFound)
        {
            return (null, true);
        }
        catch (Exception e) when (e is AmazonUnmarshallingException or System.Xml.XmlException)
        {
            return (null, version is null);
        }
    }
}
