using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Locks;

/// <summary>Watching the holder of a lock; control queue.</summary>
public interface ILockActivities
{
    /// <summary>Returns when the holder's run is closed, with how. Heartbeats; an absent worker never frees a lock.</summary>
    [Activity("lock.watch-holder")]
    Task<HolderState> WatchHolderAsync(LockHolder holder);

    /// <summary>Who holds a lock; null when nobody does.</summary>
    [Activity("lock.describe")]
    Task<LockState?> DescribeAsync(string lockId);
}

/// <summary>Who holds a lock.</summary>
/// <param name="WorkflowId">The run.</param>
/// <param name="FirstRunId">Its first execution.</param>
/// <param name="Runbook">Its type.</param>
/// <param name="Operator">Who started it.</param>
/// <param name="Rank">How it compares, see flow: containment 4, human 3, automation 2, backup 1, drill 0.</param>
/// <param name="Reason">What it does.</param>
public sealed record LockHolder(string WorkflowId, string FirstRunId, string Runbook, string Operator, int Rank, string Reason);

/// <summary>A lock as its query answers.</summary>
/// <param name="Id">The lock.</param>
/// <param name="Holder">Who holds it.</param>
/// <param name="Since">Since when.</param>
/// <param name="Orphaned">The holder closed without releasing it: only repair or an approved release frees it.</param>
public sealed record LockState(string Id, LockHolder Holder, DateTimeOffset Since, bool Orphaned);

/// <summary>How a holder ended.</summary>
/// <param name="Status">Temporal's status, such as Terminated.</param>
public sealed record HolderState(string Status)
{
    /// <summary>The holder's last state with its journal, read before retention takes it; null when it could not be read.</summary>
    public Flow.RunState? Last { get; init; }
}
