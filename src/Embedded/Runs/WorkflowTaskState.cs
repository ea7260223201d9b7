namespace VirtEngine.DR.Embedded.Runs;

/// <summary>The workflow task that waits or is at work.</summary>
internal sealed class WorkflowTaskState
{
    public required long ScheduledEventId { get; set; }
    public required DateTime ScheduledTime { get; set; }
    public required DateTime OriginalScheduledTime { get; set; }
    public required string Queue { get; set; }
    public required bool Sticky { get; set; }
    public required int Attempt { get; set; }
    public required WorkflowTaskKind Kind { get; set; }
    public required TimeSpan StartToClose { get; set; }

    /// <summary>How long it may wait on a sticky queue; null on the run's own.</summary>
    public TimeSpan? ScheduleToStart { get; set; }

    /// <summary>0 until a worker has it.</summary>
    public long StartedEventId { get; set; }
    public DateTime StartedTime { get; set; }
    public string Identity { get; set; } = "";
    public string BuildId { get; set; } = "";
    public string RequestId { get; set; } = "";
    public bool SuggestContinue { get; set; }
    public long HistoryBytes { get; set; }

    public bool IsStarted => StartedEventId > 0;
    public bool IsWritten => Kind == WorkflowTaskKind.Normal;
}
