using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Locks;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>What a run asks of one lock.</summary>
public sealed class LockCalls(LockInput input)
{
    private LockHolder Me => input.Holder;

    /// <summary>Whether this run holds it.</summary>
    public bool Mine(LockState? state) => state?.Of(Me.WorkflowId, Me.FirstRunId) is not null;

    /// <summary>Starts the lock; false when it exists.</summary>
    public async Task<bool> StartAsync(LockWish wish)
    {
        ArgumentNullException.ThrowIfNull(wish);
        var start = input with { Shared = wish.Shared };
        try
        {
            await Workflow.StartChildWorkflowAsync(
                (LockWorkflow l) => l.RunAsync(start),
                new()
                {
                    Id = wish.Id,
                    ParentClosePolicy = ParentClosePolicy.Abandon,
                    CancellationType = ChildWorkflowCancellationType.Abandon,
                    CancellationToken = CancellationToken.None,
                    StaticSummary = $"{(wish.Shared ? "shared" : "held")} by {Me.WorkflowId}",
                });
            return true;
        }
        catch (WorkflowAlreadyStartedException)
        {
            return false;
        }
    }

    /// <summary>Who holds it; null when nobody does.</summary>
    /// <exception cref="ApplicationFailureException">It cannot be asked.</exception>
    public static async Task<LockState?> DescribeAsync(string id)
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

    /// <summary>Tells a lock or a run something; one that is over hears nothing, and the next look shows that.</summary>
    public static async Task<bool> SignalAsync(string workflow, string signal, object message)
    {
        try
        {
            await Workflow.GetExternalWorkflowHandle(workflow).SignalAsync(signal, [message], new() { CancellationToken = CancellationToken.None });
            return true;
        }
        catch (FailureException)
        {
            // It has just ended (or was terminated in the UI): whoever asks next sees it as it is.
            return false;
        }
    }

    /// <summary>Waits until this run holds it no more. A lock that cannot be asked is asked again: it must not be left behind.</summary>
    public async Task UntilLeftAsync(string id)
    {
        var pause = Policies.LockPoll;
        while (true)
        {
            try
            {
                var state = await DescribeAsync(id);
                if (state is null || (state.Holders.Count > 0 && !Mine(state)))
                {
                    return;
                }
            }
            catch (ApplicationFailureException)
            {
                // No answer yet.
            }

            await Durable.DelayAsync(pause, $"waits until {id} is left");
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, Policies.LongestYieldPoll.Ticks));
        }
    }

    /// <summary>Whether the holders must give way; those that need not are named.</summary>
    /// <exception cref="ApplicationFailureException">With <see cref="ErrorTypes.Locked"/>: names the holder and what to do.</exception>
    public void Refuse(LockState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach (var share in state.Holders.Where(s => s.Holder.WorkflowId != Me.WorkflowId || s.Holder.FirstRunId != Me.FirstRunId))
        {
            var holder = share.Holder;
            if (share.Orphaned)
            {
                throw Locked(
                    $"{state.Id} is orphaned: {holder.WorkflowId} ended without releasing it. Repair that run (virtengine-dr repair {holder.WorkflowId}), "
                    + "or release the lock with another person's approval.");
            }

            if (holder.WorkflowId == Me.WorkflowId)
            {
                throw Locked($"{state.Id} is held by an earlier run of {holder.WorkflowId} that has not ended properly: wait until it is orphaned, then repair it.");
            }

            if (Me.Rank <= holder.Rank)
            {
                throw Locked(
                    $"{state.Id} is held by {holder.WorkflowId} ({holder.Runbook} by {holder.Operator}: {holder.Reason}) since {share.Since:u}. "
                    + $"Wait for it, or stop it (virtengine-dr status {holder.WorkflowId}), then start again.");
            }
        }
    }

    /// <summary>A failure that names who holds what.</summary>
    public static ApplicationFailureException Locked(string message) => new(message, ErrorTypes.Locked, nonRetryable: true);
}
