using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Locks;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>
/// Takes all of a run's locks or none. A lock is a child that no cancellation reaches and no parent's end closes: it is there
/// exactly until its holders release it. A shared one is joined where it exists.
/// </summary>
public sealed class LockTaker(LockInput input)
{
    private readonly LockCalls calls = new(input);
    private readonly List<LockWish> held = [];
    private readonly SortedSet<string> handed = new(StringComparer.Ordinal);
    private readonly SortedSet<string> asked = new(StringComparer.Ordinal);

    /// <summary>Whether any is held.</summary>
    public bool Any => held.Count > 0;

    /// <summary>What is held.</summary>
    public IReadOnlyList<LockWish> Held => [.. held];

    /// <summary>This run as a holder.</summary>
    public static LockHolder Holder(string runbook, string? starter, int rank, string? reason) => new(
        Workflow.Info.WorkflowId, Workflow.Info.FirstExecutionRunId, runbook, starter ?? "(unnamed)", rank, reason ?? "");

    /// <summary>Takes all. On a conflict all are given back, and rank decides: a lower holder is asked to yield and waited for, else it fails.</summary>
    /// <param name="locks">Which, and how.</param>
    /// <param name="stop">Ends the waiting for a holder that yields.</param>
    /// <param name="say">Told what is going on.</param>
    /// <returns>False when <paramref name="stop"/> ended the waiting; nothing is held then but what was handed over.</returns>
    /// <exception cref="ApplicationFailureException">With <see cref="ErrorTypes.Locked"/>: names the holder and what to do.</exception>
    public async Task<bool> TakeAsync(IReadOnlyList<LockWish> locks, Func<bool> stop, Action<string> say)
    {
        var ordered = locks.DistinctBy(l => l.Id, StringComparer.Ordinal).OrderBy(l => l.Id, StringComparer.Ordinal).ToArray();
        var deadline = Workflow.UtcNow + Policies.YieldPatience;
        var pause = Policies.YieldPoll;
        while (await TryAllAsync(ordered) is { } conflict)
        {
            // What a holder handed over is kept: with it came an undo that is not finished.
            await ReleaseAsync(w => !handed.Contains(w.Id));
            if (conflict.State is { } state)
            {
                calls.Refuse(state);
                await AskAsync(state, say);
            }

            if (Workflow.UtcNow > deadline)
            {
                var by = conflict.State is { } late ? " by " + string.Join(", ", late.Holders.Select(h => h.Holder.WorkflowId)) : "";
                throw LockCalls.Locked($"{conflict.Id} was not yielded in time{by}: look at that run, then start again.");
            }

            if (await Durable.UntilAsync(stop, pause, "waits for a yielded lock"))
            {
                return false;
            }

            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, Policies.LongestYieldPoll.Ticks));
        }

        return true;
    }

    /// <summary>Takes the locks of a holder that hands them over, or that ended without a release; a free one is taken as it is.</summary>
    /// <exception cref="ApplicationFailureException">With <see cref="ErrorTypes.Locked"/>: somebody else holds one.</exception>
    public async Task AdoptAsync(IReadOnlyList<LockWish> locks, string holderWorkflowId, string holderFirstRunId)
    {
        ArgumentNullException.ThrowIfNull(locks);
        foreach (var wish in locks.Where(l => !held.Exists(h => h.Id == l.Id)).OrderBy(l => l.Id, StringComparer.Ordinal))
        {
            var pause = Policies.LockPoll;
            while (!await AdoptAsync(wish, holderWorkflowId, holderFirstRunId))
            {
                await Durable.DelayAsync(pause, "waits for " + wish.Id);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, Policies.LongestYieldPoll.Ticks));
            }

            held.Add(wish);
            handed.Add(wish.Id);
        }
    }

    /// <summary>Hands all over to another run and waits until it holds them.</summary>
    public async Task GiveAsync(LockHolder to)
    {
        foreach (var wish in held)
        {
            await LockCalls.SignalAsync(wish.Id, LockVerbs.Transfer, new LockTransfer(input.Holder.WorkflowId, input.Holder.FirstRunId, to));
            await calls.UntilLeftAsync(wish.Id);
        }

        held.Clear();
        handed.Clear();
    }

    /// <summary>Leaves the locks as they are, when nobody could be found who answers for what they cover.</summary>
    public void Abandon() => held.Clear();

    /// <summary>Gives all back and waits until they are free. Called only when nothing is in flight and no undo is open.</summary>
    public Task ReleaseAsync() => ReleaseAsync(_ => true);

    private async Task ReleaseAsync(Func<LockWish, bool> which)
    {
        foreach (var wish in held.Where(which).ToArray())
        {
            await LockCalls.SignalAsync(wish.Id, LockVerbs.Release, new LockRelease { WorkflowId = input.Holder.WorkflowId, FirstRunId = input.Holder.FirstRunId });
            await calls.UntilLeftAsync(wish.Id);
            held.Remove(wish);
            handed.Remove(wish.Id);
        }
    }

    private async Task<(string Id, LockState? State)?> TryAllAsync(IReadOnlyList<LockWish> locks)
    {
        foreach (var wish in locks.Where(w => !held.Exists(h => h.Id == w.Id)))
        {
            if (await calls.StartAsync(wish))
            {
                held.Add(wish);
                continue;
            }

            var state = await LockCalls.DescribeAsync(wish.Id);
            if (state is { Shared: true } && wish.Shared && !calls.Mine(state))
            {
                await LockCalls.SignalAsync(wish.Id, LockVerbs.Join, new LockJoin(input.Holder));
                state = await LockCalls.DescribeAsync(wish.Id);
                if (calls.Mine(state))
                {
                    held.Add(wish);
                    continue;
                }
            }

            if (state is { Shared: true } && !wish.Shared && calls.Mine(state))
            {
                // A share came with what a sharer handed over; it is needed alone.
                await LockCalls.SignalAsync(wish.Id, LockVerbs.Join, new LockJoin(input.Holder) { Alone = true });
                state = await LockCalls.DescribeAsync(wish.Id);
                if (state is { Shared: true })
                {
                    return (wish.Id, state);
                }
            }

            if (!calls.Mine(state))
            {
                return (wish.Id, state);
            }

            held.Add(wish);
            handed.Add(wish.Id);
        }

        return null;
    }

    private async Task<bool> AdoptAsync(LockWish wish, string holderWorkflowId, string holderFirstRunId)
    {
        var state = await LockCalls.DescribeAsync(wish.Id);
        if (state is null)
        {
            return await calls.StartAsync(wish);
        }

        if (calls.Mine(state))
        {
            return true;
        }

        var share = state.Of(holderWorkflowId, holderFirstRunId);
        if (share is { Orphaned: true })
        {
            await LockCalls.SignalAsync(wish.Id, LockVerbs.Transfer, new LockTransfer(holderWorkflowId, holderFirstRunId, input.Holder));
        }
        else if (share is null && state.Shared && wish.Shared)
        {
            await LockCalls.SignalAsync(wish.Id, LockVerbs.Join, new LockJoin(input.Holder));
        }
        else if (share is null)
        {
            throw LockCalls.Locked($"{wish.Id} is held by {string.Join(", ", state.Holders.Select(h => h.Holder.WorkflowId))}, no longer by {holderWorkflowId}: look at that run.");
        }

        return calls.Mine(await LockCalls.DescribeAsync(wish.Id));
    }

    private async Task AskAsync(LockState state, Action<string> say)
    {
        foreach (var holder in state.Holders.Select(h => h.Holder).Where(h => h.WorkflowId != input.Holder.WorkflowId && asked.Add(h.WorkflowId + "/" + h.FirstRunId)))
        {
            say($"{state.Id} is held by {holder.WorkflowId} of a lower rank: it is asked to yield.");
            await LockCalls.SignalAsync(holder.WorkflowId, LockVerbs.Yield, input.Holder);
        }
    }
}
