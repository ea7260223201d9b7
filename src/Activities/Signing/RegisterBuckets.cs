using VirtEngine.DR.Activities.Signing.S3;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>Opens the register's buckets.</summary>
public static class RegisterBuckets
{
    /// <summary>All buckets of a gate's configuration; nothing is asked of them yet.</summary>
    public static IReadOnlyList<IRegisterBucket> Open(GateConfig config) => [.. config.Buckets.Select(Open)];

    /// <summary>A client of the register with the product's rules.</summary>
    public static RegisterClient Client(GateConfig config) => new(config.Register, Open(config), SignerRules.Instance);

    /// <summary>One bucket.</summary>
    /// <exception cref="ArgumentException">The URL is none that is known.</exception>
    public static IRegisterBucket Open(GateBucket bucket) => new Uri(bucket.Url) switch
    {
        { Scheme: "file" } url => new FolderRegisterBucket(bucket.Name, url.LocalPath),
        { Scheme: "s3" } url => S3RegisterBucket.Open(bucket.Name, bucket.Versioned, url, new BucketSpec
        {
            Url = bucket.Url,
            Region = bucket.Region,
            Endpoint = bucket.Endpoint,
            PathStyle = bucket.PathStyle,
            Profile = bucket.Profile,
        }),
        _ => throw new ArgumentException($"bucket '{bucket.Name}' is '{bucket.Url}'; allowed are s3://bucket/prefix and file:///folder", nameof(bucket)),
    };
}
