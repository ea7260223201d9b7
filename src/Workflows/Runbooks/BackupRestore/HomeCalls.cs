using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>The calls that prepare a node's home from a configuration backup, and how their answers read as a world to compare.</summary>
public sealed class HomeCalls(NodeSlice slice, StepKeys keys, BackupChoice configuration)
{
    /// <summary>The newest look at the home; null before the first.</summary>
    public HomeObservation? Last { get; private set; }

    private string Node => slice.Target.Node.Name;

    /// <summary>The home as this run left it so far.</summary>
    public async Task<HomeObservation> ObserveAsync() => Last = await Workflow.ExecuteActivityAsync(
        (IHomeActivities a) => a.ObserveAsync(Act(keys.Read("prepare"))), Policies.Probe("looks at the home of " + Node).OnNode(Node));

    /// <summary>Downloads, verifies, and puts what is missing in place.</summary>
    public Task<HomeObservation> PrepareAsync(StepKey key) => Workflow.ExecuteActivityAsync(
        (IHomeActivities a) => a.PrepareAsync(Act(key)), Policies.Transfer("prepares the home of " + Node).OnNode(Node));

    /// <summary>Takes away what was put in place.</summary>
    public Task<HomeObservation> UnprepareAsync(StepKey key) => Workflow.ExecuteActivityAsync(
        (IHomeActivities a) => a.UnprepareAsync(Act(key)), Policies.Undo("takes away what was put into the home of " + Node).OnNode(Node));

    /// <summary>Downloads, verifies, and says how the home's files stand to the backup's.</summary>
    public Task<ConfigurationComparison> CompareAsync(StepKey key) => Workflow.ExecuteActivityAsync(
        (IHomeActivities a) => a.CompareAsync(Act(key)), Policies.Transfer("compares the configuration of " + Node).OnNode(Node));

    /// <summary>Replaces files; the former ones are kept.</summary>
    public Task<HomeObservation> ReplaceAsync(StepKey key, IReadOnlyList<string> files) => Workflow.ExecuteActivityAsync(
        (IHomeActivities a) => a.ReplaceAsync(new(Act(key), files)), Policies.Transfer("replaces configuration of " + Node).OnNode(Node));

    /// <summary>Puts the former files back.</summary>
    public Task<HomeObservation> PutBackAsync(StepKey key) => Workflow.ExecuteActivityAsync(
        (IHomeActivities a) => a.PutBackAsync(Act(key)), Policies.Undo("puts the configuration of " + Node + " back").OnNode(Node));

    /// <summary>How far the configuration is replaced, as a world.</summary>
    public async Task<Observed> ReplacementAsync()
    {
        var home = await ObserveAsync();
        return home.Replacement switch
        {
            HomePreparation.Complete => new("replaced", $"its configuration is that of {configuration.Backup.Id}; the former files are in {home.Former}"),
            HomePreparation.Partial => new("partial", $"its configuration is being replaced by that of {configuration.Backup.Id}"),
            _ => new("former", "its configuration is as it was"),
        };
    }

    /// <summary>Makes a node key where there is none.</summary>
    public Task<HomeObservation> MakeNodeKeyAsync(StepKey key) => Workflow.ExecuteActivityAsync(
        (IHomeActivities a) => a.MakeNodeKeyAsync(Act(key)), Policies.Mutate("makes a node key for " + Node).OnNode(Node));

    /// <summary>Takes the node key that was made away.</summary>
    public Task<HomeObservation> RemoveNodeKeyAsync(StepKey key) => Workflow.ExecuteActivityAsync(
        (IHomeActivities a) => a.RemoveNodeKeyAsync(Act(key)), Policies.Undo("takes away the node key of " + Node).OnNode(Node));

    /// <summary>How far the home is prepared, as a world.</summary>
    public async Task<Observed> PreparationAsync()
    {
        var home = await ObserveAsync();
        return home.Preparation switch
        {
            HomePreparation.Complete => new("prepared", FormattableString.Invariant($"{home.Placed} files of {configuration.Backup.Id} are in place, {home.NotPlaced.Count} are not")),
            HomePreparation.Partial => new("partial", FormattableString.Invariant($"{home.Placed} files of {configuration.Backup.Id} are being put in place")),
            _ => new("unprepared", "nothing was put into the home by this run"),
        };
    }

    /// <summary>The node key as a world. The undo takes away only the one that this run made.</summary>
    public async Task<Observed> NodeKeyAsync()
    {
        var home = await ObserveAsync();
        return home.NodeId is { } id ? new("there", $"node id {id}{(home.MadeNodeKey ? ", made by this run" : "")}") : new("none", "there is no node key");
    }

    private RestoreAct Act(StepKey key) => new(key, slice, configuration.Backup, configuration.Regions);
}
