using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Contracts.Clusters;

/// <summary>What a run needs about one zone of a region.</summary>
/// <param name="Target">The region's cluster and its workloads.</param>
/// <param name="Zone">The zone.</param>
/// <param name="OtherZones">The region's other zones.</param>
/// <param name="Validators">The estate's validators in the zone.</param>
/// <param name="Chain">The chain.</param>
/// <param name="References">RPCs of nodes outside the zone, full nodes first.</param>
/// <param name="EstateDigest">The estate that the run pins.</param>
/// <param name="Approvals">Who may approve.</param>
/// <param name="Rto">Objectives of class D2.</param>
/// <param name="Channels">Where notifications go.</param>
/// <param name="Watch">How often a relapse opens another plan.</param>
/// <param name="Simulated">Whether the estate is a simulated one.</param>
public sealed record ZoneSlice(
    ClusterTarget Target, string Zone, IReadOnlyList<string> OtherZones, IReadOnlyList<string> Validators, ChainSpec Chain, IReadOnlyList<RpcEndpoint> References,
    string EstateDigest, ApprovalSpec Approvals, IReadOnlyList<RtoSpec> Rto, IReadOnlyList<ChannelSpec> Channels, WatchSpec Watch, bool Simulated);
