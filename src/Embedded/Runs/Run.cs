namespace VirtEngine.DR.Embedded.Runs;

/// <summary>A run in memory: its state, its events, and who waits for it.</summary>
internal sealed class Run(RunState state, List<HistoryEvent> history)
{
    public RunState State { get; } = state;

    /// <summary>The events in order: number n stands at n − 1.</summary>
    public List<HistoryEvent> History { get; } = history;

    public WorkflowExecutionStartedEventAttributes Started => History[0].WorkflowExecutionStartedEventAttributes;

    /// <summary>How many events the store has (or will have when the batches before this one are written).</summary>
    public int Stored { get; set; } = history.Count;

    /// <summary>Whether a row of the lists must be written again.</summary>
    public bool Listed { get; set; } = true;

    /// <summary>The last batch that wrote it; it may leave memory when that one is on disk.</summary>
    public long LastBatch { get; set; }

    public DateTime? WakeAt { get; set; }
    public List<PendingQuery> Queries { get; } = [];
    public List<HistoryWaiter> HistoryWaiters { get; } = [];
    public List<UpdateWaiter> UpdateWaiters { get; } = [];

    /// <summary>When the workflow task was handed out, in the machine's own time.</summary>
    public DateTime TaskHandedOut { get; set; }

    /// <summary>By plan: the worker's cache counts for nothing.</summary>
    public bool ForgetSticky { get; set; }

    public bool HasTask => State.Task is not null;
    public bool TaskStarted => State.Task is { IsStarted: true };
}
