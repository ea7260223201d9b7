using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Locks;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>
/// Takes all of a run's locks or none. A lock is a child that no cancellation reaches and no parent's end closes: it is there
/// exactly until its holder releases it.
/// </summary>
public sealed class LockTaker(LockInput input)
{
    private readonly List<ChildWorkflowHandle<LockWorkflow, LockState>> held = [];

    /// <summary>Whether any is held.</summary>
    public bool Any => held.Count > 0;

    /// <summary>This run as a holder.</summary>
    public static LockHolder Holder(string runbook, string? starter, int rank, string? reason) => new(
        Workflow.Info.WorkflowId, Workflow.Info.FirstExecutionRunId, runbook, starter ?? "(unnamed)", rank, reason ?? "");

    /// <summary>Takes all. On a conflict all are given back, and rank decides: a lower holder is asked to yield and waited for, else it fails.</summary>
    /// <param name="locks">Workflow ids.</param>
    /// <param name="stop">Ends the waiting for a holder that yields.</param>
    /// <param name="say">Told what is going on.</param>
    /// <returns>False when <paramref name="stop"/> ended the waiting; nothing is held then.</returns>
    /// <exception cref="ApplicationFailureException">With <see cref="ErrorTypes.Locked"/>: names the holder and what to do.</exception>
    public async Task<bool> TakeAsync(IReadOnlyList<string> locks, Func<bool> stop, Action<string> say)
    {
        var ordered = locks.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var asked = false;
        var deadline = Workflow.UtcNow + Policies.YieldPatience;
        var pause = Policies.YieldPoll;
        while (await TryAllAsync(ordered) is { } conflict)
        {
            await ReleaseAsync();
            var state = await DescribeAsync(conflict);
            if (state is not null)
            {
                Refuse(state);
                if (!asked)
                {
                    say($"{conflict} is held by {state.Holder.WorkflowId} of a lower rank: it is asked to yield.");
                    await AskAsync(state.Holder);
                    asked = true;
                }
            }

            if (Workflow.UtcNow > deadline)
            {
                throw Locked($"{conflict} was not yielded in time{(state is null ? "" : " by " + state.Holder.WorkflowId)}: look at that run, then start again.");
            }

            if (await Durable.UntilAsync(stop, pause, "waits for a yielded lock"))
            {
                return false;
            }

            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, Policies.LongestYieldPoll.Ticks));
        }

        return true;
    }

    /// <summary>Gives all back and waits until they are free. Called only when nothing is in flight and no undo is open.</summary>
    public async Task ReleaseAsync()
    {
        foreach (var handle in held)
        {
            var release = new LockRelease { WorkflowId = input.Holder.WorkflowId, FirstRunId = input.Holder.FirstRunId };
            try
            {
                await handle.SignalAsync(l => l.ReleaseSignalAsync(release), new() { CancellationToken = CancellationToken.None });
                await handle.GetResultAsync();
            }
            catch (FailureException)
            {
                // Ended by somebody else (terminated in the UI): then it is free as well.
            }
        }

        held.Clear();
    }

    private async Task<string?> TryAllAsync(IReadOnlyList<string> locks)
    {
        foreach (var id in locks)
        {
            try
            {
                held.Add(await Workflow.StartChildWorkflowAsync(
                    (LockWorkflow l) => l.RunAsync(input),
                    new()
                    {
                        Id = id,
                        ParentClosePolicy = ParentClosePolicy.Abandon,
                        CancellationType = ChildWorkflowCancellationType.Abandon,
                        CancellationToken = CancellationToken.None,
                        StaticSummary = $"held by {input.Holder.WorkflowId}",
                    }));
            }
            catch (WorkflowAlreadyStartedException)
            {
                return id;
            }
        }

        return null;
    }

    private static async Task<LockState?> DescribeAsync(string id)
    {
        try
        {
            return await Workflow.ExecuteActivityAsync((ILockActivities a) => a.DescribeAsync(id), Policies.Probe("who holds " + id));
        }
        catch (FailureException e)
        {
            throw Locked($"{id} is held, and its holder could not be read: {Failure.From(e).Message}");
        }
    }

    private void Refuse(LockState state)
    {
        var holder = state.Holder;
        if (state.Orphaned)
        {
            throw Locked(
                $"{state.Id} is orphaned: {holder.WorkflowId} ended without releasing it. Repair that run (virtengine-dr repair {holder.WorkflowId}), "
                + "or release the lock with another person's approval.");
        }

        if (holder.WorkflowId == Workflow.Info.WorkflowId && holder.FirstRunId != Workflow.Info.FirstExecutionRunId)
        {
            throw Locked($"{state.Id} is held by an earlier run of {holder.WorkflowId} that has not ended properly: wait until it is orphaned, then repair it.");
        }

        if (input.Holder.Rank <= holder.Rank)
        {
            throw Locked(
                $"{state.Id} is held by {holder.WorkflowId} ({holder.Runbook} by {holder.Operator}: {holder.Reason}) since {state.Since:u}. "
                + $"Wait for it, or stop it (virtengine-dr status {holder.WorkflowId}), then start again.");
        }
    }

    private async Task AskAsync(LockHolder holder)
    {
        try
        {
            await Workflow.GetExternalWorkflowHandle(holder.WorkflowId)
                .SignalAsync(LockVerbs.Yield, [input.Holder], new() { CancellationToken = CancellationToken.None });
        }
        catch (FailureException)
        {
            // It has just ended; the next try shows whether it left the lock free.
        }
    }

    private static ApplicationFailureException Locked(string message) => new(message, ErrorTypes.Locked, nonRetryable: true);
}
