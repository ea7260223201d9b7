using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>The calls that RB-DR-006 makes: which activity, on which queue, under which policy; and how their answers read as a world to compare.</summary>
public sealed class RestoreCalls(NodeSlice slice, StepKeys keys)
{
    private readonly HealthCalls health = new(slice);

    private string Node => slice.Target.Node.Name;

    /// <summary>Chooses a backup over all regions.</summary>
    public Task<BackupChoice> ChooseAsync(string kind, string selector, DateTimeOffset? at, long? atMostHeight = null)
    {
        var command = new ChooseCommand(slice, kind, selector, at) { AtMostHeight = atMostHeight };
        return Workflow.ExecuteActivityAsync((IRepositoryActivities a) => a.ChooseAsync(command), Policies.Probe($"chooses a backup ({selector})"));
    }

    /// <summary>As <see cref="ChooseAsync"/>; null where there is none that can be had now.</summary>
    public async Task<BackupChoice?> ChooseOrNoneAsync(string kind, string selector)
    {
        try
        {
            return await ChooseAsync(kind, selector, null);
        }
        catch (ActivityFailureException)
        {
            // None yet, or no region answers: either way there is nothing that a restore could take now.
            return null;
        }
    }

    /// <summary>Looks at the node's host.</summary>
    public Task<NodeObservation> ObserveAsync() => Workflow.ExecuteActivityAsync(
        (INodeActivities a) => a.ObserveAsync(slice.Target), Policies.Probe("observes " + Node).OnNode(Node));

    /// <summary>Looks at the chain.</summary>
    public Task<ChainObservation> ObserveChainAsync() => Workflow.ExecuteActivityAsync(
        (IChainActivities a) => a.ObserveAsync(new(slice.Target.Chain.Id, slice.References)), Policies.Probe("observes the chain"));

    /// <summary>Looks at what is staged.</summary>
    public Task<StagedState> StagedAsync(BackupChoice choice) => Workflow.ExecuteActivityAsync(
        (IRestoreActivities a) => a.StagedAsync(Act(keys.Read("download"), choice)), Policies.Probe("looks at the staging").OnNode(Node));

    /// <summary>Downloads into the staging.</summary>
    public Task<StagedState> StageAsync(StepKey key, BackupChoice choice) => Workflow.ExecuteActivityAsync(
        (IRestoreActivities a) => a.StageAsync(Act(key, choice)), Policies.Transfer("downloads " + choice.Backup.Id).OnNode(Node));

    /// <summary>Reads every staged byte again.</summary>
    /// <exception cref="ApplicationFailureException">With <see cref="ErrorTypes.Untrusted"/> when the set is not the manifest's.</exception>
    public async Task<StagedState> VerifyStagedAsync(StepKey key, BackupChoice choice)
    {
        var staged = await Workflow.ExecuteActivityAsync(
            (IRestoreActivities a) => a.VerifyStagedAsync(Act(key, choice)), Policies.Transfer("verifies the staging").OnNode(Node));
        return staged.Complete
            ? staged
            : throw new ApplicationFailureException("The staged files are not the manifest's set.", ErrorTypes.Untrusted, nonRetryable: true);
    }

    /// <summary>Where the swap is.</summary>
    public Task<SwapState> SwappedAsync(BackupChoice choice) => Workflow.ExecuteActivityAsync(
        (IRestoreActivities a) => a.SwappedAsync(Act(keys.Read("swap"), choice)), Policies.Probe("looks at the swap").OnNode(Node));

    /// <summary>Swaps the staged data in.</summary>
    public Task<SwapState> SwapAsync(StepKey key, BackupChoice choice) => Workflow.ExecuteActivityAsync(
        (IRestoreActivities a) => a.SwapAsync(Act(key, choice)), Policies.Mutate("swaps the data of " + Node).OnNode(Node));

    /// <summary>Swaps the former data back.</summary>
    public Task<SwapState> SwapBackAsync(StepKey key, BackupChoice choice) => Workflow.ExecuteActivityAsync(
        (IRestoreActivities a) => a.SwapBackAsync(Act(key, choice)), Policies.Undo("swaps back the data of " + Node).OnNode(Node));

    /// <summary>Stops the node.</summary>
    public Task<NodeObservation> StopAsync(StepKey key) => StopAsync(new NodeAct(key, slice.Target));

    /// <summary>Stops the node, also where a signal made it stand still.</summary>
    public Task<NodeObservation> EndAsync(StepKey key) => StopAsync(new NodeAct(key, slice.Target) { EndsHung = true });

    private Task<NodeObservation> StopAsync(NodeAct act) => Workflow.ExecuteActivityAsync(
        (INodeActivities a) => a.StopAsync(act), Intent(act.Key, "stops " + Node).OnNode(Node));

    /// <summary>Starts the node.</summary>
    public Task<NodeObservation> StartAsync(StepKey key) => Workflow.ExecuteActivityAsync(
        (INodeActivities a) => a.StartAsync(new(key, slice.Target)), Intent(key, "starts " + Node).OnNode(Node));

    /// <summary>Waits until the node is healthy.</summary>
    public Task<HealthReport> AwaitHealthyAsync(long atLeastHeight, int maxLag, TimeSpan within) =>
        health.AwaitAsync(atLeastHeight, maxLag, within, $"waits until {Node} is healthy");

    /// <summary>Watches a healthy node for at most the given time; false when it is healthy no more, null when that cannot be found out.</summary>
    public async Task<WatchReport> WatchAsync(long atLeastHeight, TimeSpan left, CancellationToken cancellation)
    {
        var report = await health.WatchAsync(atLeastHeight, left, $"watches {Node}", cancellation);
        bool? healthy = report.Health switch { Health.Healthy => true, Health.Unhealthy => false, _ => null };
        return new(healthy, healthy == true ? RestoreFacts.Describe(report) : $"{RestoreFacts.Describe(report)}; {string.Join("; ", report.Reasons)}");
    }

    /// <summary>The node's process as a world.</summary>
    public Task<Observed> ProcessAsync() => ProcessAsync(endsHung: false);

    /// <summary>The node's process as a world; one that a signal stopped may be ended where that is meant.</summary>
    public async Task<Observed> ProcessAsync(bool endsHung)
    {
        var node = await ObserveAsync();
        return node.Process switch
        {
            ProcessState.Frozen when endsHung && node.Hung => new("hung", FormattableString.Invariant($"{Node}, process {node.Pid}, was stopped by a signal")),
            ProcessState.Running => new("running", FormattableString.Invariant($"{Node} runs as process {node.Pid}")),
            ProcessState.Stopped => new("stopped", $"{Node} does not run"),
            ProcessState.Frozen => new("frozen", "frozen", $"{Node} is frozen by somebody: it is not touched. Thaw it or end it first."),
            _ => new("unknown", "unknown", $"Whether {Node} runs could not be found out: {string.Join("; ", node.Unknowns)}"),
        };
    }

    /// <summary>The staging as a world.</summary>
    public async Task<Observed> StagingAsync(BackupChoice choice)
    {
        var staged = await StagedAsync(choice);
        var text = FormattableString.Invariant($"{staged.Files} files, {staged.Bytes} bytes staged");
        return new(staged.Complete ? "complete" : staged.Folder is null ? "none" : "partial", text);
    }

    /// <summary>The swap as a world.</summary>
    public async Task<Observed> SwapWorldAsync(BackupChoice choice)
    {
        var swap = await SwappedAsync(choice);
        var text = swap.Swapped ? $"the backup is in place, the former data is {swap.Kept ?? "gone (there was none)"}" : "the former data is in place";
        return new(swap.Swapped ? "swapped" : "not swapped", text);
    }

    private static ActivityOptions Intent(StepKey key, string summary) =>
        key.Direction == StepKeys.Undo ? Policies.Undo(summary) : Policies.Mutate(summary);

    private RestoreAct Act(StepKey key, BackupChoice choice) => new(key, slice, choice.Backup, choice.Regions);
}
