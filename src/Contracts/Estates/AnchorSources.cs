using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Contracts.Estates;

/// <summary>Whom an estate can ask for a trust anchor.</summary>
public static class AnchorSources
{
    /// <summary>
    /// The full and archive nodes; where those are fewer than must agree, also the RPCs that the signing gates ask, which are of other owners, and as a last resort
    /// the validators' own, as far as the estate names them: they are asked from the hosts that may reach them, and nothing is exposed for it.
    /// </summary>
    public static IReadOnlyList<RpcEndpoint> Of(Estate estate)
    {
        ArgumentNullException.ThrowIfNull(estate);
        return Of(estate.Nodes, estate.Signing?.Rpcs ?? []);
    }

    /// <summary>As <see cref="Of(Estate)"/>.</summary>
    /// <param name="nodes">The estate's nodes.</param>
    /// <param name="rpcs">The RPCs that its signing gates ask.</param>
    public static IReadOnlyList<RpcEndpoint> Of(IReadOnlyList<NodeSpec> nodes, IReadOnlyList<GateRpc> rpcs)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var sources = new List<RpcEndpoint>();
        void Add(IEnumerable<RpcEndpoint> more) => sources.AddRange(more.Where(one => !sources.Exists(known => known.Url.TrimEnd('/') == one.Url.TrimEnd('/'))).ToArray());
        Add(Named(nodes, NodeKind.Full, NodeKind.Archive));
        if (sources.Count < AnchorRules.Quorum)
        {
            Add(rpcs.Select(rpc => new RpcEndpoint(rpc.Source, rpc.Url)));
        }

        if (sources.Count < AnchorRules.Quorum)
        {
            Add(Named(nodes, NodeKind.Validator));
        }

        return sources;
    }

    private static IEnumerable<RpcEndpoint> Named(IReadOnlyList<NodeSpec> nodes, params NodeKind[] kinds) =>
        nodes.Where(node => kinds.Contains(node.Kind) && node.Rpc is not null).Select(node => new RpcEndpoint(node.Name, node.Rpc!));
}
