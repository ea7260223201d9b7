namespace VirtEngine.DR.Contracts.Estates;

/// <summary>The signer interlock's register and the RPCs that gates ask (docs/signing.md).</summary>
public sealed record SigningSpec
{
    /// <summary>The register's id, as <c>signer register init</c> printed it; null before that.</summary>
    public string? Register { get; init; }

    /// <summary>The register's buckets.</summary>
    public required IReadOnlyList<SigningBucketSpec> Buckets { get; init; }

    /// <summary>RPCs of at least two sources.</summary>
    public required IReadOnlyList<SigningRpcSpec> Rpcs { get; init; }

    /// <summary>The keys of people who may start a signer without the register, two at a time; empty forbids it.</summary>
    public IReadOnlyList<OfflineKeySpec> OfflineKeys { get; init; } = [];
}

/// <summary>The public half of a key that a person keeps offline.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="PublicKey">PEM.</param>
public sealed record OfflineKeySpec(string Name, string PublicKey);

/// <summary>A bucket of the register, or a folder in its place.</summary>
public sealed record SigningBucketSpec
{
    /// <summary>Its name among the members; it never changes, and no other bucket ever gets it.</summary>
    public required string Name { get; init; }

    /// <summary><c>s3://bucket/prefix</c> or <c>file:///folder</c>.</summary>
    public required string Url { get; init; }

    /// <summary>Where it is; <c>local</c> for a folder.</summary>
    public required string Region { get; init; }

    /// <summary>A custom S3 endpoint.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Address buckets by path instead of by host name.</summary>
    public bool PathStyle { get; init; }

    /// <summary>The bucket keeps versions: the oldest counts.</summary>
    public bool Versioned { get; init; }

    /// <summary>A named profile of the AWS credentials file; null uses the default chain.</summary>
    public string? Profile { get; init; }
}

/// <summary>An RPC that shows the chain to gates and askers.</summary>
/// <param name="Source">Whose it is: two RPCs of one source are one witness.</param>
/// <param name="Url">Where it is.</param>
public sealed record SigningRpcSpec(string Source, string Url);
