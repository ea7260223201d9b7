namespace VirtEngine.DR.Embedded.Runs;

/// <summary>
/// All that a run is, beside its events: written whole after each change, so that what is in memory after a restart is what was there before it.
/// Only the loop touches it.
/// </summary>
internal sealed class RunState
{
    public required string Namespace { get; init; }
    public required string WorkflowId { get; init; }
    public required string RunId { get; init; }

    /// <summary>Where the run stands in the order of starts; orders recovery, timers and lists.</summary>
    public required long Number { get; init; }

    public string FirstRunId { get; set; } = "";
    public string WorkflowType { get; set; } = "";
    public string TaskQueue { get; set; } = "";
    public TimeSpan ExecutionTimeout { get; set; }
    public TimeSpan RunTimeout { get; set; }
    public TimeSpan TaskTimeout { get; set; }

    /// <summary>When the chain of runs ends, whatever it does; null without an execution timeout.</summary>
    public DateTime? ExecutionExpires { get; set; }
    public DateTime? RunExpires { get; set; }
    public DateTime StartTime { get; set; }

    /// <summary>When the first workflow task may be scheduled (start delay, cron, retry).</summary>
    public DateTime? BackoffUntil { get; set; }
    public DateTime ExecutionTime { get; set; }
    public DateTime? CloseTime { get; set; }
    public WorkflowExecutionStatus Status { get; set; } = WorkflowExecutionStatus.Running;
    public int Attempt { get; set; } = 1;
    public string CronSchedule { get; set; } = "";
    public RetryPolicy? Retry { get; set; }
    public ParentLink? Parent { get; set; }
    public WorkflowExecution? Root { get; set; }
    public Memo Memo { get; set; } = new();
    public SearchAttributes SearchAttributes { get; set; } = new();
    public Temporalio.Api.Sdk.V1.UserMetadata? Metadata { get; set; }
    public Priority? Priority { get; set; }

    /// <summary>The requests that this run has already answered for: a client that lost the answer asks again.</summary>
    public HashSet<string> StartRequests { get; set; } = [];
    public HashSet<string> SignalRequests { get; set; } = [];
    public HashSet<string> CancelRequests { get; set; } = [];

    public long NextEventId { get; set; } = 1;
    public long HistoryBytes { get; set; }
    public long Transitions { get; set; }

    /// <summary>What arrived from outside while a workflow task was at work; it gets its ids when the task ends.</summary>
    public List<HistoryEvent> Buffered { get; set; } = [];

    public WorkflowTaskState? Task { get; set; }

    /// <summary>The attempt that the next workflow task will be.</summary>
    public int TaskAttempt { get; set; } = 1;

    /// <summary>The Started event of the last completed workflow task: a sticky worker knows everything up to it.</summary>
    public long LastStartedEventId { get; set; }
    public StickyWorker? Sticky { get; set; }
    public bool FirstTaskDone { get; set; }

    public SortedDictionary<long, ActivityState> Activities { get; set; } = [];
    public SortedDictionary<string, TimerState> Timers { get; set; } = new(StringComparer.Ordinal);
    public SortedDictionary<long, ChildState> Children { get; set; } = [];
    public SortedSet<long> Externals { get; set; } = [];
    public Dictionary<string, UpdateState> Updates { get; set; } = new(StringComparer.Ordinal);
    public int UpdateCount { get; set; }
    public int SignalCount { get; set; }
    public bool CancelRequested { get; set; }
    public string? ContinuedAs { get; set; }

    /// <summary>The last run that a reset made of this one.</summary>
    public string? ResetTo { get; set; }

    /// <summary>When a reset made this run.</summary>
    public DateTime? ResetTime { get; set; }

    public bool IsOpen => Status == WorkflowExecutionStatus.Running;

    public WorkflowExecution Execution => new() { WorkflowId = WorkflowId, RunId = RunId };
}
