using Temporalio.Activities;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Contracts.Estates;

/// <summary>Slices of the estate for a run; control queue. The control worker loads the estate, a run pins its digest.</summary>
public interface IEstateActivities
{
    /// <summary>Everything a run needs about one node; <see cref="ErrorTypes.NotFound"/> lists the nodes there are.</summary>
    [Activity("estate.node")]
    Task<NodeSlice> NodeAsync(string node);

    /// <summary>Everything a run needs about one zone; <see cref="ErrorTypes.NotFound"/> lists the zones there are, <see cref="ErrorTypes.NotConfigured"/> says that the region has no cluster.</summary>
    [Activity("estate.zone")]
    Task<ZoneSlice> ZoneAsync(string region, string zone);

    /// <summary>The nodes whose backup of this kind is due for a workflow without a named node, in the estate's order.</summary>
    [Activity("estate.backed-up-nodes")]
    Task<IReadOnlyList<string>> BackedUpNodesAsync(string kind);

    /// <summary>The contacts that are told about an incident class, in the estate's order; empty where the estate names none.</summary>
    [Activity("estate.contacts")]
    Task<IReadOnlyList<ContactSpec>> ContactsAsync(string incidentClass);
}

/// <summary>What a run needs about one node.</summary>
/// <param name="Target">The node, its chain, the estate's digest.</param>
/// <param name="Buckets">The buckets of all regions, the node's own region first.</param>
/// <param name="References">RPCs of other nodes of the chain, the node itself left out; validators' RPCs are left out where others exist.</param>
/// <param name="Backups">Keys, encryption and retention.</param>
/// <param name="Approvals">Who may approve.</param>
/// <param name="Rto">The objective by class for this node's kind.</param>
/// <param name="Channels">Where notifications go.</param>
/// <param name="Simulated">Whether the estate is a simulated one.</param>
public sealed record NodeSlice(
    NodeTarget Target, IReadOnlyList<BucketSpec> Buckets, IReadOnlyList<RpcEndpoint> References, BackupSpec Backups, ApprovalSpec Approvals,
    IReadOnlyList<RtoSpec> Rto, IReadOnlyList<ChannelSpec> Channels, bool Simulated)
{
    /// <summary>How long a recovered node is watched.</summary>
    public WatchSpec Watch { get; init; } = new();

    /// <summary>The estate names a register, which keeps the chain's power budget too.</summary>
    public bool PowerBudget { get; init; }

    /// <summary>Other nodes whose workers look at this one too.</summary>
    public IReadOnlyList<string> Vantages { get; init; } = [];

    /// <summary>Every full and archive node of the estate with an RPC, this one included; null in slices from before they were counted.</summary>
    public IReadOnlyList<FullNodeRpc>? FullNodes { get; init; }

    /// <summary>How much of the chain may be lost; null in slices from before it was measured.</summary>
    public TimeSpan? ChainRpo { get; init; }

    /// <summary>Nodes whose chain state is backed up.</summary>
    public IReadOnlyList<string> BackedUp { get; init; } = [];

    /// <summary>Whom to ask for a trust anchor: more than <see cref="References"/> where those are too few; null in slices from before it was said.</summary>
    public IReadOnlyList<RpcEndpoint>? AnchorSources { get; init; }

    /// <summary>The node that takes this one's place when its host is gone; null where there is none.</summary>
    public string? Standby { get; init; }

    /// <summary>Where forensic copies go: the estate's own bucket for them, else the first of <see cref="Buckets"/>; null where there is none.</summary>
    public BucketSpec? Forensics { get; init; }
}
