using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Evidence;
using VirtEngine.DR.Contracts.Locks;
using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>
/// The lock of one target: its workflow id is the lock, so the server lets only one exist. It outlives its holders on purpose and
/// ends only by their releases; a holder that closed without one leaves it orphaned, with what it did still to be undone.
/// </summary>
[Workflow(WorkflowTypes.Lock)]
public sealed class LockWorkflow
{
    private readonly LockInput input;
    private readonly LockBook book;
    private readonly List<Watching> watches = [];
    private readonly List<Task> running = [];
    private readonly List<HolderEnd> ends = [];
    private string? trouble;

    /// <summary>State is there before the first message is.</summary>
    [WorkflowInit]
    public LockWorkflow(LockInput input)
    {
        this.input = input;
        book = new(input.Holder, input.Shared, Now);
    }

    /// <summary>Who holds it.</summary>
    [WorkflowQuery("state")]
    public LockState State => book.ToState(Workflow.Info.WorkflowId);

    /// <summary>How holders ended that did not release it.</summary>
    [WorkflowQuery(LockVerbs.Ends)]
    public IReadOnlyList<HolderEnd> Ends => [.. ends];

    private static DateTimeOffset Now => new(Workflow.UtcNow, TimeSpan.Zero);

    /// <summary>Holds the lock until every holder has released it.</summary>
    [WorkflowRun]
    public async Task<LockState> RunAsync(LockInput input)
    {
        Follow();
        do
        {
            await Durable.UntilAsync(() => book.Free);
            await Workflow.WhenAllAsync([.. running]);
            await Durable.UntilAsync(() => Workflow.AllHandlersFinished);
        }
        while (!book.Free);
        return State;
    }

    /// <summary>Frees a share and answers.</summary>
    [WorkflowUpdate(LockVerbs.Release)]
    public Task<LockReply> ReleaseAsync(LockRelease release)
    {
        var (released, text) = Release(release);
        return Task.FromResult(new LockReply(released, text, State));
    }

    /// <summary>Frees a share; stored by the server while no worker is up.</summary>
    [WorkflowSignal(LockVerbs.Release)]
    public Task ReleaseSignalAsync(LockRelease release)
    {
        _ = Release(release);
        return Task.CompletedTask;
    }

    /// <summary>Shares the lock.</summary>
    [WorkflowSignal(LockVerbs.Join)]
    public Task JoinSignalAsync(LockJoin join)
    {
        ArgumentNullException.ThrowIfNull(join);
        if (join.Alone)
        {
            book.MakeExclusive(join.Holder);
        }
        else
        {
            book.Join(join.Holder, Now);
        }

        Follow();
        return Task.CompletedTask;
    }

    /// <summary>Another holder in the place of one.</summary>
    [WorkflowSignal(LockVerbs.Transfer)]
    public Task TransferSignalAsync(LockTransfer transfer)
    {
        book.Transfer(transfer, Now);
        Follow();
        return Task.CompletedTask;
    }

    private (bool Released, string Text) Release(LockRelease release)
    {
        var answer = book.Release(release);
        Follow();
        return answer;
    }

    /// <summary>Watches exactly those who hold it, and shows them.</summary>
    private void Follow()
    {
        var holders = State.Holders;
        foreach (var watch in watches.Where(w => !holders.Any(h => h.Holder == w.Holder)).ToArray())
        {
            watches.Remove(watch);
            watch.End();
        }

        ends.RemoveAll(e => !holders.Any(h => h.Holder == e.Holder));
        foreach (var share in holders.Where(h => !watches.Exists(w => w.Holder == h.Holder)))
        {
            var watch = new Watching(share.Holder, new());
            watches.Add(watch);
            running.RemoveAll(t => t.IsCompleted);
            running.Add(WatchAsync(watch));
        }

        Show();
    }

    private async Task WatchAsync(Watching watch)
    {
        try
        {
            var options = Policies.WatchForEver($"watches {watch.Holder.WorkflowId}");
            options.CancellationToken = watch.Token;
            options.CancellationType = ActivityCancellationType.TryCancel;
            var ended = await Workflow.ExecuteActivityAsync((ILockActivities a) => a.WatchHolderAsync(watch.Holder), options);
            if (!watch.Ended && book.Orphan(watch.Holder))
            {
                ends.Add(new(watch.Holder, ended));
                await OrphanAsync(watch.Holder, ended);
            }
        }
        catch (FailureException) when (watch.Ended)
        {
            // Released or transferred: this one needs to be watched no more.
        }
    }

    private async Task OrphanAsync(LockHolder holder, HolderState ended)
    {
        Show();
        if (ended.Last is { } last)
        {
            await TryAsync(() => Workflow.ExecuteActivityAsync((IEvidenceActivities a) => a.WriteAsync(last), Policies.Evidence("keeps the holder's journal")));
        }

        var details = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["holder"] = holder.WorkflowId,
            ["status"] = ended.Status,
            ["repair"] = "virtengine-dr repair " + holder.WorkflowId,
        };
        var notification = new Notification(
            $"{Workflow.Info.WorkflowId}/{Workflow.Info.FirstExecutionRunId}/orphaned/{holder.WorkflowId}/{holder.FirstRunId}", "critical", input.IncidentClass,
            $"{(input.Practice ? "[practice] " : "")}{Workflow.Info.WorkflowId} is orphaned: {holder.WorkflowId} ended ({ended.Status}) without releasing it",
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
            trouble = Failure.From(e).Message;
            Show();
        }
    }

    private void Show() => Workflow.CurrentDetails =
        (book.Free ? "Free." : string.Join("\n\n", State.Holders.Select(s =>
            $"{(State.Shared ? "Shared" : "Held")} by **{s.Holder.WorkflowId}** ({s.Holder.Runbook}, {s.Holder.Operator}): {s.Holder.Reason}"
            + (s.Orphaned ? " — **orphaned**: it ended without releasing its share." : ""))))
        + (trouble is null ? "" : $"\n\nNot told: {trouble}");

    /// <summary>The watch over one holder.</summary>
    private sealed class Watching(LockHolder holder, CancellationTokenSource source)
    {
        /// <summary>Who is watched.</summary>
        public LockHolder Holder => holder;

        /// <summary>Nobody needs it any more.</summary>
        public bool Ended { get; private set; }

        /// <summary>Of the activity.</summary>
        public CancellationToken Token => source.Token;

        /// <summary>Ends it.</summary>
        public void End()
        {
            Ended = true;
            source.Cancel();
        }
    }
}
