using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Evidence;
using VirtEngine.DR.Contracts.Locks;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>
/// The lock of one target: its workflow id is the lock, so the server lets only one exist. It outlives its holder on purpose and
/// ends only by a release; a holder that closed without one leaves it orphaned, with what it did still to be undone.
/// </summary>
[Workflow(WorkflowTypes.Lock)]
public sealed class LockWorkflow
{
    private readonly LockInput input;
    private readonly DateTimeOffset since;
    private bool orphaned;
    private bool released;

    /// <summary>State is there before the first message is.</summary>
    [WorkflowInit]
    public LockWorkflow(LockInput input)
    {
        this.input = input;
        since = new(Workflow.UtcNow, TimeSpan.Zero);
    }

    /// <summary>Who holds it.</summary>
    [WorkflowQuery("state")]
    public LockState State => new(Workflow.Info.WorkflowId, input.Holder, since, orphaned);

    /// <summary>Holds the lock until it is released.</summary>
    [WorkflowRun]
    public async Task<LockState> RunAsync(LockInput input)
    {
        Show();
        using var watching = new CancellationTokenSource();
        var watch = WatchAsync(watching.Token);
        await Durable.UntilAsync(() => released);
#pragma warning disable CA1849 // CancelAsync would leave the workflow's own scheduler.
        watching.Cancel();
#pragma warning restore CA1849
        await watch;
        await Durable.UntilAsync(() => Workflow.AllHandlersFinished);
        return State;
    }

    /// <summary>Frees the lock and answers.</summary>
    [WorkflowUpdate(LockVerbs.Release)]
    public Task<LockReply> ReleaseAsync(LockRelease release) => Task.FromResult(Release(release));

    /// <summary>Frees the lock; stored by the server while no worker is up.</summary>
    [WorkflowSignal(LockVerbs.Release)]
    public Task ReleaseSignalAsync(LockRelease release)
    {
        _ = Release(release);
        return Task.CompletedTask;
    }

    private LockReply Release(LockRelease release)
    {
        var holder = input.Holder;
        var byHolder = release.WorkflowId == holder.WorkflowId && release.FirstRunId == holder.FirstRunId;
        var approved = !string.IsNullOrWhiteSpace(release.By) && !string.IsNullOrWhiteSpace(release.ApprovedBy)
            && !string.IsNullOrWhiteSpace(release.Why) && !People.Same(release.By, release.ApprovedBy);
        if (byHolder || (orphaned && approved))
        {
            released = true;
            return new(true, "The lock is free.", State);
        }

        return new(
            false,
            orphaned
                ? $"The lock is orphaned: {holder.WorkflowId} ended without releasing it. Repair that run, or release with by, why and another person's approvedBy."
                : $"The lock is held by {holder.WorkflowId} and only that run releases it.",
            State);
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        try
        {
            var options = Policies.WatchForEver($"watches {input.Holder.WorkflowId}");
            options.CancellationToken = cancellation;
            options.CancellationType = ActivityCancellationType.TryCancel;
            var ended = await Workflow.ExecuteActivityAsync((ILockActivities a) => a.WatchHolderAsync(input.Holder), options);
            if (!released)
            {
                await OrphanAsync(ended);
            }
        }
        catch (FailureException) when (cancellation.IsCancellationRequested)
        {
            // Released: nobody needs to be watched any more.
        }
    }

    private async Task OrphanAsync(HolderState ended)
    {
        orphaned = true;
        Show();
        if (ended.Last is { } last)
        {
            await TryAsync(() => Workflow.ExecuteActivityAsync((IEvidenceActivities a) => a.WriteAsync(last), Policies.Evidence("keeps the holder's journal")));
        }

        var details = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["holder"] = input.Holder.WorkflowId, ["status"] = ended.Status };
        var notification = new Notification(
            Workflow.Info.WorkflowId + "/" + Workflow.Info.FirstExecutionRunId + "/orphaned", "critical", input.IncidentClass,
            $"{(input.Practice ? "[practice] " : "")}{Workflow.Info.WorkflowId} is orphaned: {input.Holder.WorkflowId} ended ({ended.Status}) without releasing it",
            details, input.Channels, input.Practice);
        await TryAsync(() => Workflow.ExecuteActivityAsync((INotifyActivities a) => a.SendAsync(notification), Policies.Page("pages: orphaned")));
    }

    private async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (FailureException e)
        {
            // The lock must stand whatever happens to those who are told; what failed is shown on its page.
            Show(Failure.From(e).Message);
        }
    }

    private void Show(string? trouble = null) => Workflow.CurrentDetails =
        $"Held by **{input.Holder.WorkflowId}** ({input.Holder.Runbook}, {input.Holder.Operator}): {input.Holder.Reason}"
        + (orphaned ? "\n\n**Orphaned**: the holder ended without releasing it." : "") + (trouble is null ? "" : $"\n\nNot told: {trouble}");
}
