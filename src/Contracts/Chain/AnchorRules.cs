using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Contracts.Chain;

/// <summary>What a trust anchor demands.</summary>
public static class AnchorRules
{
    /// <summary>What a signing key must be allowed to sign, beside the kinds of backups.</summary>
    public const string Kind = "trust-anchors";

    /// <summary>RPCs that must agree.</summary>
    public const int Quorum = 3;

    /// <summary>The RPCs of the estate as a node's slice has them, its own included: the node is one witness among others.</summary>
    public static IReadOnlyList<RpcEndpoint> Everybody(NodeSlice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        return slice.AnchorSources ?? (slice.Target.Node.Rpc is { } own ? [new(slice.Target.Node.Name, own), .. slice.References] : slice.References);
    }

    /// <summary>Asks them.</summary>
    public static AnchorQuery Query(NodeSlice slice, IReadOnlyList<RpcEndpoint> whom)
    {
        ArgumentNullException.ThrowIfNull(slice);
        return new(slice.Target.Chain.Id, whom, Math.Max(slice.Target.Chain.MaxLagBlocks, 5), Quorum);
    }
}
