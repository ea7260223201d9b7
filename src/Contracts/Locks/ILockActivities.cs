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
/// <param name="Rank">The higher one goes first: containment, then the incident's class, then human over automation; backup; drill.</param>
/// <param name="Reason">What it does.</param>
public sealed record LockHolder(string WorkflowId, string FirstRunId, string Runbook, string Operator, int Rank, string Reason)
{
    /// <summary>It is a runbook: what a yielding holder did can be handed over to it.</summary>
    public bool Inherits { get; init; }
}

/// <summary>A lock as its query answers.</summary>
/// <param name="Id">The lock.</param>
/// <param name="Shared">Several may hold it at once.</param>
/// <param name="Holders">Who holds it; one unless it is shared.</param>
public sealed record LockState(string Id, bool Shared, IReadOnlyList<LockShare> Holders)
{
    /// <summary>A holder closed without releasing it: only repair or an approved release frees its share.</summary>
    public bool Orphaned => Holders.Any(h => h.Orphaned);

    /// <summary>A run's share; null when it has none.</summary>
    public LockShare? Of(string workflowId, string firstRunId) =>
        Holders.FirstOrDefault(h => h.Holder.WorkflowId == workflowId && h.Holder.FirstRunId == firstRunId);
}

/// <summary>One holder's share of a lock.</summary>
/// <param name="Holder">Who.</param>
/// <param name="Since">Since when.</param>
/// <param name="Orphaned">The holder ended without releasing it.</param>
public sealed record LockShare(LockHolder Holder, DateTimeOffset Since, bool Orphaned);

/// <summary>How a holder ended.</summary>
/// <param name="Status">Temporal's status, such as Terminated.</param>
public sealed record HolderState(string Status)
{
    /// <summary>The holder's last state with its journal, read before retention takes it; null when it could not be read.</summary>
    public Flow.RunState? Last { get; init; }
}

/// <summary>A holder that ended without a release, and how: kept by the lock until it is repaired.</summary>
/// <param name="Holder">Who.</param>
/// <param name="End">How, with its journal.</param>
public sealed record HolderEnd(LockHolder Holder, HolderState End);
