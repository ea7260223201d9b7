using System.Security.Cryptography;
using System.Text;
using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>The calls of a state sync: which activity, on which queue, under which policy; and how their answers read as a world to compare.</summary>
public sealed class StateSyncCalls(NodeSlice slice, StepKeys keys)
{
    /// <summary>Sources that are asked: enough to know the newest snapshot, few enough not to wait for.</summary>
    private const int Asked = 3;

    private static readonly TimeSpan SourcePatience = TimeSpan.FromSeconds(5);

    private string Node => slice.Target.Node.Name;

    /// <summary>What the swap of the data folder goes by: this run's, this round's, this node's.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"statesync/{Node}/{keys.FirstRunId}")));

    /// <summary>The empty data folder, as the swap of a restore takes it.</summary>
    public BackupChoice Empty => new(
        new BackupRef { Chain = slice.Target.Chain.Id, Node = Node, Kind = BackupKinds.ChainState, Id = "empty-for-state-sync", ManifestKey = "", Digest = Digest },
        [], 0, null, [], []);

    /// <summary>The sources whose hosts answer; one that does not is left out: it is not what failed.</summary>
    public async Task<IReadOnlyList<SnapshotSource>> SourcesAsync() =>
        [.. (await Workflow.WhenAllAsync(slice.References.Take(Asked).Select(reference => SourceAsync(reference.Node)))).OfType<SnapshotSource>()];

    /// <summary>The signed anchor to trust.</summary>
    public Task<AnchorFinding> FindAnchorAsync(long atMost, DateTimeOffset notBefore) => Workflow.ExecuteActivityAsync(
        (IAnchorActivities a) => a.FindAsync(new(slice, atMost, notBefore)), Policies.Probe("finds the newest signed trust anchor"));

    /// <summary>What other nodes' RPCs agree on; the node itself is no witness.</summary>
    public Task<TrustAnchor> AgreeAsync(long? height, int atLeast)
    {
        var query = AnchorRules.Query(slice, slice.References) with { Height = height, AtLeast = atLeast };
        return Workflow.ExecuteActivityAsync((IAnchorActivities a) => a.AgreeAsync(query), Policies.Probe("asks the RPCs for a block's hash"));
    }

    /// <summary>Where this run's state sync of the node is.</summary>
    public Task<StateSyncState> LookAsync() => Workflow.ExecuteActivityAsync(
        (IStateSyncActivities a) => a.LookAsync(Act(keys.Read("statesync-configure"))), Policies.Probe("looks at the state sync of " + Node).OnNode(Node));

    /// <summary>Makes the empty data folder ready.</summary>
    public Task StageAsync(StepKey key) => Workflow.ExecuteActivityAsync(
        (IStateSyncActivities a) => a.StageAsync(Act(key)), Policies.Mutate("stages an empty data folder on " + Node).OnNode(Node));

    /// <summary>Writes the settings.</summary>
    public Task<StateSyncState> ConfigureAsync(StepKey key, StateSyncSettings settings)
    {
        var act = Act(key) with { Settings = settings };
        return Workflow.ExecuteActivityAsync((IStateSyncActivities a) => a.ConfigureAsync(act), Policies.Mutate("writes the state sync settings of " + Node).OnNode(Node));
    }

    /// <summary>Puts back what stood there.</summary>
    public Task<StateSyncState> RestoreConfigurationAsync(StepKey key)
    {
        var what = $"puts the configuration of {Node} back";
        return Workflow.ExecuteActivityAsync(
            (IStateSyncActivities a) => a.RestoreConfigurationAsync(Act(key)), (key.Direction == StepKeys.Undo ? Policies.Undo(what) : Policies.Mutate(what)).OnNode(Node));
    }

    /// <summary>Waits until it has synced.</summary>
    public Task<StateSyncOutcome> AwaitAsync(TimeSpan within)
    {
        var act = Act(keys.Read("statesync-await")) with { Within = within };
        return Workflow.ExecuteActivityAsync((IStateSyncActivities a) => a.AwaitAsync(act), Policies.Watch($"waits until {Node} has synced", within).OnNode(Node));
    }

    /// <summary>The configuration as a world; what another run left is nobody's.</summary>
    public async Task<Observed> ConfigurationAsync()
    {
        var now = await LookAsync();
        return now.Configuration switch
        {
            StateSyncConfiguration.Configured => new("configured", $"config.toml of {Node} has the settings of a state sync"),
            StateSyncConfiguration.Partial => new("partial", $"config.toml of {Node} has some of the settings of a state sync"),
            StateSyncConfiguration.OtherRun => new("as it was", $"config.toml of {Node} still has what run {now.Owner} wrote for its state sync: that is put back first"),
            _ => new("as it was", $"config.toml of {Node} is as it was"),
        };
    }

    private static async Task<SnapshotSource?> SourceAsync(string name)
    {
        try
        {
            var source = await Workflow.ExecuteActivityAsync((IEstateActivities a) => a.NodeAsync(name), Policies.Probe("reads the estate: " + name));
            return await Workflow.ExecuteActivityAsync(
                (IStateSyncActivities a) => a.SourceAsync(source.Target), Policies.Probe($"looks at the snapshots of {name}").OnNode(name, SourcePatience));
        }
        catch (ActivityFailureException)
        {
            // Its worker is absent or it cannot be read: nothing is known of it, and the forecast says so.
            return null;
        }
    }

    private StateSyncAct Act(StepKey key) => new(key, slice.Target, Digest);
}
