using Temporalio.Activities;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Estates;

/// <summary>Slices of the estate that this control worker loaded.</summary>
/// <param name="estate">The estate, validated.</param>
/// <param name="digest">Its digest, which a run pins.</param>
public sealed class EstateActivities(Estate estate, string digest) : IEstateActivities
{
    private static readonly NodeKind[] Serving = [NodeKind.Full, NodeKind.Archive];

    /// <summary>So many others are asked, where the estate has them.</summary>
    private const int FewestReferences = 2;

    /// <inheritdoc/>
    [Activity("estate.node")]
    public Task<NodeSlice> NodeAsync(string node)
    {
        if (estate.Nodes.FirstOrDefault(one => one.Name == node) is not { } spec)
        {
            return Task.FromException<NodeSlice>(Failures.Permanent(
                ErrorTypes.NotFound, $"the estate '{estate.Name}' has no node '{node}'; it has: {string.Join(", ", estate.Nodes.Select(one => one.Name).DefaultIfEmpty("none"))}"));
        }

        return Task.FromResult(new NodeSlice(
            new NodeTarget(spec, estate.Chain, digest),
            Buckets(spec.Region),
            References(spec),
            estate.Backups,
            estate.Approvals,
            [.. estate.Objectives.Rto.Where(rto => rto.Component == spec.Kind)],
            estate.Channels,
            estate.Simulated)
        {
            Watch = estate.Watch,
            PowerBudget = estate.Signing?.Register is not null,
            Vantages = [.. estate.Observe.From.Where(name => name != spec.Name)],
            FullNodes = [.. estate.Nodes.Where(one => Serving.Contains(one.Kind) && one.Rpc is not null).Select(one => new FullNodeRpc(one.Name, one.Region, one.Rpc!))],
            ChainRpo = estate.Objectives.Rpo.FirstOrDefault(rpo => rpo.Kind == BackupKinds.ChainState)?.Target,
            BackedUp = [.. estate.Nodes.Where(IsBackedUp).Select(one => one.Name)],
            AnchorSources = AnchorSources.Of(estate),
            Standby = estate.Nodes.FirstOrDefault(one => one.StandbyFor == spec.Name)?.Name,
            Forensics = estate.Forensics?.Bucket ?? (Buckets(spec.Region) is [var own, ..] ? own : null),
        });
    }

    /// <inheritdoc/>
    [Activity("estate.zone")]
    public Task<ZoneSlice> ZoneAsync(string region, string zone)
    {
        var spec = estate.Regions.FirstOrDefault(one => one.Name == region);
        if (spec is null || !spec.Zones.Contains(zone))
        {
            var there = estate.Regions.SelectMany(one => one.Zones.Select(name => $"{one.Name}/{name}")).DefaultIfEmpty("none");
            return Task.FromException<ZoneSlice>(Failures.Permanent(ErrorTypes.NotFound, $"the estate '{estate.Name}' has no zone '{region}/{zone}'; it has: {string.Join(", ", there)}"));
        }

        string[] missing =
        [
            .. spec.Cluster is null ? [$"region '{region}' has no 'cluster'"] : Array.Empty<string>(),
            .. estate.Workloads.Count == 0 ? ["there are no 'workloads'"] : Array.Empty<string>(),
        ];
        if (missing.Length > 0)
        {
            return Task.FromException<ZoneSlice>(Failures.Permanent(ErrorTypes.NotConfigured, $"the estate '{estate.Name}': {string.Join(", and ", missing)}: what runs there, and how it is reached, is not known"));
        }

        bool Lost(NodeSpec node) => node.Region == region && node.Zone == zone;
        return Task.FromResult(new ZoneSlice(
            new(region, spec.Cluster!, estate.Workloads), zone, [.. spec.Zones.Where(one => one != zone)],
            [.. estate.Nodes.Where(node => Lost(node) && node.Kind == NodeKind.Validator).Select(node => node.Name)],
            estate.Chain,
            [.. estate.Nodes.Where(node => node.Rpc is not null && !Lost(node)).OrderBy(node => Serving.Contains(node.Kind) ? 0 : 1).Select(node => new RpcEndpoint(node.Name, node.Rpc!))],
            digest, estate.Approvals, [.. estate.Objectives.Rto.Where(rto => rto.Class == "D2")], estate.Channels, estate.Watch, estate.Simulated));
    }

    /// <inheritdoc/>
    [Activity("estate.backed-up-nodes")]
    public Task<IReadOnlyList<string>> BackedUpNodesAsync(string kind)
    {
        Func<NodeSpec, bool>? due = kind switch
        {
            BackupKinds.ChainState => IsBackedUp,
            BackupKinds.ProviderState => node => node.Kind == NodeKind.Provider,
            BackupKinds.Configuration or BackupKinds.Forensic => _ => true,
            _ => null,
        };
        return due is null
            ? Task.FromException<IReadOnlyList<string>>(Failures.Invalid([$"kind is '{kind}'; allowed are {string.Join(", ", BackupKinds.All)}"]))
            : Task.FromResult<IReadOnlyList<string>>([.. estate.Nodes.Where(due).Select(node => node.Name)]);
    }

    /// <inheritdoc/>
    [Activity("estate.contacts")]
    public Task<IReadOnlyList<ContactSpec>> ContactsAsync(string incidentClass) =>
        Task.FromResult<IReadOnlyList<ContactSpec>>([.. estate.Contacts.Where(one => one.Classes.Count == 0 || one.Classes.Contains(incidentClass))]);

    private static bool IsChainNode(NodeSpec node) => node.Kind is NodeKind.Validator or NodeKind.Full or NodeKind.Archive;

    private static bool IsBackedUp(NodeSpec node) => IsChainNode(node) && (node.Backup is BackupMethod.Frozen or BackupMethod.Stopped or BackupMethod.StateSync);

    private IReadOnlyList<BucketSpec> Buckets(string region) =>
        [.. estate.Regions.OrderBy(one => one.Name == region ? 0 : 1).Where(one => one.Bucket is not null).Select(one => one.Bucket!)];

    private IReadOnlyList<RpcEndpoint> References(NodeSpec node)
    {
        var others = estate.Nodes.Where(one => one.Name != node.Name && one.Rpc is not null && one.Rpc != node.Rpc && IsChainNode(one)).ToArray();
        var serving = others.Where(one => Serving.Contains(one.Kind)).ToArray();

        // A validator's RPC is a last resort: it should not be exposed at all. But a single reference may be the very node that is gone.
        return [.. (serving.Length >= FewestReferences ? serving : [.. serving, .. others.Except(serving)]).Select(one => new RpcEndpoint(one.Name, one.Rpc!))];
    }
}
