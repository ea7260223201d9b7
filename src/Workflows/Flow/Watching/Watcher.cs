using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Locks;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>After the last step: watches for the plan's period. A relapse opens the next plan in the same run; at the declared one it parks.</summary>
public sealed class Watcher(RunBoard board, SafePoint safePoint, Pager pager)
{
    private DateTime? until;
    private int round;
    private int relapses;
    private LockHolder? yieldedTo;

    /// <summary>Watches; null when the run goes on with what its board says now.</summary>
    public async Task<RunEnd?> RunAsync()
    {
        var watch = board.Plan!.Draft.Watch;
        if (watch is null || watch.For <= TimeSpan.Zero || board.Clock.ProvenAt is null)
        {
            return RunEnd.Done;
        }

        if (until is null || round != board.Round)
        {
            round = board.Round;
            until = Workflow.UtcNow + watch.For;
            board.Watching = true;
            board.Note(Journal.Flow, "watch.begun", $"{watch.What}, for {watch.For}");
        }

        board.Watching = true;
        var report = await WatchAsync(watch, until.Value);
        board.Watching = report is null;
        if (report is null)
        {
            // An abort, or a pause at the end: the safe point takes it from here.
            return await safePoint.HoldAsync();
        }

        return report.Healthy == false ? await RelapseAsync(report) : End(report);
    }

    private async Task<WatchReport?> WatchAsync(WatchDeclaration watch, DateTime end)
    {
        while (true)
        {
            var left = end - Workflow.UtcNow;
            using var source = new CancellationTokenSource();
            var watching = ObserveAsync(watch, left > TimeSpan.Zero ? left : TimeSpan.Zero, source.Token);
            await Durable.UntilAsync(() => watching.IsCompleted || board.Abort == AbortStage.Asked || board.YieldTo is not null);
            if (!watching.IsCompleted)
            {
#pragma warning disable CA1849 // CancelAsync would leave the workflow's own scheduler.
                source.Cancel();
#pragma warning restore CA1849
            }

            var report = await watching;
            if (board.Abort == AbortStage.Asked)
            {
                return null;
            }

            if (board.YieldTo is { } to)
            {
                await YieldAsync(to);
                continue;
            }

            if (report.Healthy == false || Workflow.UtcNow >= end)
            {
                return board.Paused && report.Healthy != false ? null : report;
            }

            board.Note(Journal.Flow, "watch.unknown", report.Text);
            await Durable.UntilAsync(
                () => board.Abort == AbortStage.Asked || board.YieldTo is not null, Min(Policies.WatchPause, end - Workflow.UtcNow), "before the next look");
        }
    }

    private static async Task<WatchReport> ObserveAsync(WatchDeclaration watch, TimeSpan left, CancellationToken token)
    {
        try
        {
            return await watch.Observe(left, token);
        }
        catch (FailureException e)
        {
            // Nobody could look, which says nothing about what would have been seen.
            return new(null, Failure.From(e).Message);
        }
    }

    /// <summary>The watch goes on without the lock: it only reads.</summary>
    private async Task YieldAsync(LockHolder to)
    {
        board.YieldTo = null;
        yieldedTo = to;
        if (board.Locks is { Any: true } locks)
        {
            await locks.ReleaseAsync();
        }

        board.Note(Journal.Flow, "lock.yielded", $"{to.WorkflowId} ({to.Runbook}) has the lock; the watch goes on without it.");
    }

    private async Task<RunEnd?> RelapseAsync(WatchReport report)
    {
        relapses++;
        board.Note(Journal.Flow, "watch.relapsed", FormattableString.Invariant($"Relapse {relapses}: {report.Text}"));
        if (yieldedTo is { } to)
        {
            board.Missing.Add($"It relapsed while it was watched ({report.Text}); {to.WorkflowId} has the lock.");
            pager.Page("critical", $"relapsed while watched without the lock, which {to.WorkflowId} has: {report.Text}");
            return RunEnd.YieldedWatching;
        }

        pager.Page("critical", FormattableString.Invariant($"relapse {relapses}: {report.Text}"));
        if (relapses >= board.Scope!.Relapses)
        {
            var item = new ParkItem(
                "relapse", "the watch", FormattableString.Invariant($"Relapse {relapses}: {report.Text}"),
                "retry opens the next plan, skip ends the run as it is.", skippable: true, undo: false);
            if (await safePoint.ParkAsync([item]) is { } end)
            {
                return end;
            }

            if (item.Decision == ParkDecision.Skip)
            {
                board.Unproven = true;
                board.Missing.Add($"It relapsed after it was proven: {report.Text}");
                return RunEnd.Done;
            }
        }

        board.NextRound();
        return null;
    }

    private RunEnd End(WatchReport report)
    {
        if (report.Healthy is null)
        {
            board.Unproven = true;
            board.Missing.Add($"Whether it was healthy at the end of the watch is not known: {report.Text}");
        }

        board.Note(Journal.Flow, "watch.over", report.Text);
        return yieldedTo is null ? RunEnd.Done : RunEnd.YieldedWatching;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
