namespace VirtEngine.DR.Embedded.Queues;

/// <summary>
/// A task that waits for a worker. It is only a note: whether it still holds is asked of the run when a worker comes.
/// </summary>
internal sealed record QueuedTask(Run Run, long EventId, int Attempt, PendingQuery? Query, DateTime Since)
{
    /// <summary>Whether it is an activity's.</summary>
    public bool Activity { get; init; }

    /// <summary>A task on a sticky queue is lost to its own queue when it was moved; the name tells.</summary>
    public required string Queue { get; init; }
}
