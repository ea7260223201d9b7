using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Rules;

namespace VirtEngine.DR.Estates.Reading;

/// <summary>Reads a bucket of backups or of forensic copies.</summary>
internal sealed class BucketReader(Folder folder, Problems problems)
{
    /// <summary>GLACIER and DEEP_ARCHIVE are left out: getting an object back takes hours, which no objective allows.</summary>
    private static readonly string[] StorageClasses = ["STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR"];

    /// <summary>A lock in COMPLIANCE mode is for ever until its date: a slip of the pen must not cost ten years of storage.</summary>
    private static readonly TimeSpan MinLock = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan MaxLock = TimeSpan.FromDays(400);

    /// <summary>The bucket of a group; what is wrong with it is said.</summary>
    public BucketSpec Read(MapReader bucket, EstateSection section, string region)
    {
        var spec = new BucketSpec
        {
            Url = BucketUrl.Read(bucket, section, folder, problems),
            Region = region,
            Endpoint = bucket.Text("endpoint"),
            PathStyle = bucket.Flag("pathStyle", false),
            SigningRegion = bucket.Text("signingRegion"),
            StorageClass = bucket.Has("storageClass") ? bucket.Choice("storageClass", StorageClasses, null) : null,
            KmsKeyId = bucket.Text("kmsKeyId"),
            ObjectLock = bucket.Flag("objectLock", false),
            Lock = bucket.OptionalDuration("lock", MinLock, MaxLock),
            Profile = bucket.Text("profile"),
        };
        Text.CheckHttp(bucket.At("endpoint"), spec.Endpoint, problems);
        if (spec is { Lock: not null, ObjectLock: false } && !spec.Url.StartsWith("file:", StringComparison.Ordinal))
        {
            problems.Add(bucket.At("lock"), "Only a bucket with object lock can lock what is written.", "Make the bucket with object lock and say 'objectLock: true', or remove 'lock'.");
        }

        if (spec.Url.StartsWith("file:", StringComparison.Ordinal))
        {
            foreach (var key in section.Keys.Where(k => k.Name is not ("url" or "region") && bucket.Has(k.Name)))
            {
                problems.Add(bucket.At(key.Name), "This is for S3; the bucket is a folder.", "Remove it, or use an s3:// URL.");
            }
        }

        return spec;
    }
}
