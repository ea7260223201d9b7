using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Contracts.Estates;

/// <summary>The signer interlock's register and the RPCs that gates ask (docs/signing.md).</summary>
public sealed record SigningSpec
{
    /// <summary>The register's id, as <c>signer register init</c> printed it; null before that.</summary>
    public string? Register { get; init; }

    /// <summary>The register's buckets.</summary>
    public required IReadOnlyList<GateBucket> Buckets { get; init; }

    /// <summary>RPCs of at least two sources.</summary>
    public required IReadOnlyList<GateRpc> Rpcs { get; init; }

    /// <summary>The keys of people who may start a signer without the register, two at a time; empty forbids it.</summary>
    public IReadOnlyList<OfflineKey> OfflineKeys { get; init; } = [];
}
