namespace VirtEngine.DR.Embedded.Runs;

/// <summary>An activity that has not ended.</summary>
internal sealed class ActivityState
{
    public required long ScheduledEventId { get; init; }
    public required string ActivityId { get; init; }
    public required string Queue { get; set; }
    public required DateTime FirstScheduled { get; init; }

    /// <summary>When this attempt may start; in the future while a retry waits.</summary>
    public required DateTime Scheduled { get; set; }
    public required TimeSpan ScheduleToClose { get; init; }
    public required TimeSpan ScheduleToStart { get; init; }
    public required TimeSpan StartToClose { get; init; }
    public required TimeSpan Heartbeat { get; init; }
    public required RetryPolicy Retry { get; init; }
    public int Attempt { get; set; } = 1;
    public DateTime? Started { get; set; }
    /// <summary>The build that the worker named with its answer; empty when it named none.</summary>
    public string BuildId { get; set; } = "";
    public string Identity { get; set; } = "";
    public string RequestId { get; set; } = "";
    public DateTime? LastHeartbeat { get; set; }
    public Payloads? HeartbeatDetails { get; set; }
    public Failure? LastFailure { get; set; }
    public DateTime? LastAttemptEnded { get; set; }
    public TimeSpan? RetryInterval { get; set; }

    /// <summary>It waits in virtual time, and its signs of life come; the wait itself is told again after a restart.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsParked { get; set; }
    public long CancelRequestedEventId { get; set; }
    public bool CancelRequested { get; set; }

    /// <summary>Whether it lies on its queue (or will after a retry's wait).</summary>
    public bool Queued { get; set; }
}
