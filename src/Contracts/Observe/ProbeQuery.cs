using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Contracts.Observe;

/// <summary>Whose health, how it is looked at, and against whom.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Kind">Provider, gateway or monitoring.</param>
/// <param name="Probe">How.</param>
/// <param name="ChainId">The chain that a gateway must be of.</param>
/// <param name="References">RPCs that a gateway's newest block is compared with.</param>
/// <param name="MaxLagBlocks">Allowed distance of a gateway to the references.</param>
/// <param name="MaxBlockAge">Allowed age of a gateway's newest block.</param>
/// <param name="Within">For the awaiting and the watching call: how long.</param>
public sealed record ProbeQuery(
    string Node, NodeKind Kind, ProbeSpec Probe, string ChainId, IReadOnlyList<RpcEndpoint> References, int MaxLagBlocks, TimeSpan MaxBlockAge, TimeSpan Within);
