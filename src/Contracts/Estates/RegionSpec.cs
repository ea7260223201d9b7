namespace VirtEngine.DR.Contracts.Estates;

/// <summary>What a region is for.</summary>
public enum RegionRole
{
    /// <summary>Serves first.</summary>
    Primary,

    /// <summary>First target of a failover.</summary>
    Secondary,

    /// <summary>Target when the others are lost.</summary>
    Tertiary,
}

/// <summary>One region.</summary>
public sealed record RegionSpec
{
    /// <summary>Its name, such as <c>us-east-1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its role.</summary>
    public required RegionRole Role { get; init; }

    /// <summary>Share of the workload, percent.</summary>
    public int Capacity { get; init; }

    /// <summary>1 is first.</summary>
    public int Priority { get; init; }

    /// <summary>Availability zones.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>Where this region keeps backups; null when it keeps none.</summary>
    public BucketSpec? Bucket { get; init; }

    /// <summary>Its Kubernetes cluster; null when it has none.</summary>
    public ClusterSpec? Cluster { get; init; }
}

/// <summary>A bucket, or a folder in its place.</summary>
public sealed record BucketSpec
{
    /// <summary><c>s3://bucket/prefix</c> or <c>file:///folder</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The region that names this bucket.</summary>
    public required string Region { get; init; }

    /// <summary>A custom S3 endpoint, such as <c>http://127.0.0.1:7070</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Address buckets by path instead of by host name.</summary>
    public bool PathStyle { get; init; }

    /// <summary>The signing region where it differs from <see cref="Region"/>.</summary>
    public string? SigningRegion { get; init; }

    /// <summary>The storage class, such as <c>STANDARD_IA</c>.</summary>
    public string? StorageClass { get; init; }

    /// <summary>Encrypt with this KMS key (SSE-KMS).</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>The bucket has versions and object lock: former versions are looked for, and <see cref="Lock"/> may be set.</summary>
    public bool ObjectLock { get; init; }

    /// <summary>How long each object of a backup is locked from its writing (COMPLIANCE); null leaves it to the bucket's default retention.</summary>
    public TimeSpan? Lock { get; init; }

    /// <summary>A named profile of the AWS credentials file; null uses the default chain.</summary>
    public string? Profile { get; init; }
}
