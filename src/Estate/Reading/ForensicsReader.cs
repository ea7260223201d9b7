using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Estates.Reading;

/// <summary>Reads <c>forensics</c>.</summary>
internal static class ForensicsReader
{
    public static ForensicsSpec? Read(MapReader root, Folder folder, Problems problems)
    {
        if (root.Group("forensics", EstateSchema.Forensics) is not { } forensics || forensics.Group("bucket", EstateSchema.ForensicBucket, required: true) is not { } bucket)
        {
            return null;
        }

        var spec = new BucketReader(folder, problems).Read(bucket, EstateSchema.ForensicBucket, bucket.RequiredText("region"));
        if (spec.Url.StartsWith("s3:", StringComparison.Ordinal) && spec is not { ObjectLock: true, Lock: not null })
        {
            problems.Add(
                bucket.At(spec.ObjectLock ? "lock" : "objectLock"), "Whoever can delete a forensic copy can hide what happened: its bucket is write-once.",
                "Make the bucket with object lock, and say 'objectLock: true' and a 'lock' such as 365d.");
        }

        return new ForensicsSpec(spec);
    }
}
