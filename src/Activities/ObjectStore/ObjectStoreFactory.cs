using System.Collections.Concurrent;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.ObjectStore;

/// <summary>Folders for <c>file://</c>, S3 for <c>s3://</c>. One client a bucket for the life of the process.</summary>
public sealed class ObjectStoreFactory : IObjectStoreFactory
{
    private readonly ConcurrentDictionary<BucketSpec, IObjectStore> _stores = new();

    /// <inheritdoc/>
    public IObjectStore Create(BucketSpec bucket) => _stores.GetOrAdd(bucket, Open);

    private static IObjectStore Open(BucketSpec bucket)
    {
        if (!Uri.TryCreate(bucket.Url, UriKind.Absolute, out var url))
        {
            throw Unknown(bucket);
        }

        return url.Scheme switch
        {
            "file" when url.LocalPath.Length > 1 => new LocalFolderStore(url.LocalPath),
            "s3" when url.Host.Length > 0 => S3.S3Clients.Open(bucket, url),
            _ => throw Unknown(bucket),
        };
    }

    private static Temporalio.Exceptions.ApplicationFailureException Unknown(BucketSpec bucket) =>
        Failures.Invalid([$"the bucket of region '{bucket.Region}' is '{bucket.Url}'; allowed are s3://bucket/prefix and file:///folder"]);
}
