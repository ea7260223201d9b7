namespace VirtEngine.DR.Embedded.Runs;

/// <summary>The life of a workflow task: scheduled, started, failed or timed out. Its completion is <see cref="TaskCompletion"/>.</summary>
internal static class WorkflowTasks
{
    private const long SuggestEvents = 4096;
    private const long SuggestBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(10);

    /// <summary>Sees to it that a workflow task waits or is at work; <paramref name="forUpdate"/>: one that vanishes when the update is refused.</summary>
    public static void Schedule(Turn turn, Run run, bool forUpdate = false)
    {
        var state = run.State;
        if (!state.IsOpen || state.Task is not null || state.BackoffUntil is not null || Limits.Ended(turn, run))
        {
            return;
        }

        bool sticky = state.Sticky is not null && state.TaskAttempt == 1 && turn.State.Queues.HasWorker(new(state.Namespace, state.Sticky.Queue, TaskQueueType.Workflow));
        state.Task = new WorkflowTaskState
        {
            ScheduledEventId = state.NextEventId,
            ScheduledTime = turn.Now,
            OriginalScheduledTime = turn.Now,
            Queue = sticky ? state.Sticky!.Queue : state.TaskQueue,
            Sticky = sticky,
            Attempt = state.TaskAttempt,
            Kind = state.TaskAttempt > 1 ? WorkflowTaskKind.Transient : forUpdate ? WorkflowTaskKind.Speculative : WorkflowTaskKind.Normal,
            StartToClose = StartToClose(state),
            ScheduleToStart = sticky ? state.Sticky!.ScheduleToStart : null,
        };
        if (!sticky)
        {
            state.Sticky = null;
        }

        if (state.Task.IsWritten)
        {
            WriteScheduled(turn, run);
        }

        turn.Touch(run);
        Enqueue(turn, run);
    }

    public static void Enqueue(Turn turn, Run run)
    {
        var task = run.State.Task!;
        turn.State.Queues.Add(
            new QueueKey(run.State.Namespace, task.Queue, TaskQueueType.Workflow),
            new QueuedTask(run, task.ScheduledEventId, task.Attempt, null, turn.Now) { Queue = task.Queue });
    }

    /// <summary>Whether a note on a queue still stands for a task.</summary>
    public static bool Holds(QueuedTask queued) => queued.Run.State.Task is { IsStarted: false } task && task.Queue == queued.Queue;

    /// <summary>Gives the task to a worker.</summary>
    public static void Start(Turn turn, Run run, string identity, string buildId)
    {
        var state = run.State;
        var task = state.Task!;
        if (!task.IsWritten && state.NextEventId != task.ScheduledEventId)
        {
            // Events came since the failed attempt: this is a new task, not a retry of the old.
            task.ScheduledEventId = state.NextEventId;
            task.Attempt = state.TaskAttempt = 1;
            task.StartToClose = StartToClose(state);
            WriteScheduled(turn, run);
        }

        task.Identity = identity;
        task.BuildId = buildId;
        task.RequestId = turn.Ids.NewRequestId(run, task.ScheduledEventId, task.Attempt);
        task.StartedTime = turn.Now;
        task.HistoryBytes = state.HistoryBytes;
        task.SuggestContinue = state.NextEventId > SuggestEvents || state.HistoryBytes > SuggestBytes;
        task.StartedEventId = task.ScheduledEventId + 1;
        if (task.IsWritten)
        {
            task.StartedEventId = state.NextEventId;
            Histories.Append(turn, run, StartedEvent(task));
        }

        turn.Touch(run);
    }

    /// <summary>Writes the Scheduled event of a task that had none yet.</summary>
    public static void WriteScheduled(Turn turn, Run run)
    {
        var task = run.State.Task!;
        task.Kind = WorkflowTaskKind.Normal;
        task.ScheduledEventId = run.State.NextEventId;
        Histories.Append(turn, run, ScheduledEvent(run.State, task));
    }

    /// <summary>Writes the Scheduled and Started events of a task that a worker completed before they were in the history.</summary>
    public static void WriteBoth(Turn turn, Run run)
    {
        var task = run.State.Task!;
        if (task.IsWritten)
        {
            return;
        }

        task.Kind = WorkflowTaskKind.Normal;
        Histories.Append(turn, run, ScheduledEvent(run.State, task));
        Histories.Append(turn, run, StartedEvent(task));
    }

    public static HistoryEvent ScheduledEvent(RunState state, WorkflowTaskState task) => new()
    {
        EventId = task.ScheduledEventId,
        EventTime = task.ScheduledTime.Wire(),
        EventType = EventType.WorkflowTaskScheduled,
        WorkflowTaskScheduledEventAttributes = new()
        {
            TaskQueue = task.Sticky
                ? new() { Name = task.Queue, Kind = TaskQueueKind.Sticky, NormalName = state.TaskQueue }
                : new() { Name = task.Queue, Kind = TaskQueueKind.Normal },
            StartToCloseTimeout = task.StartToClose.Wire(),
            Attempt = task.Attempt,
        },
    };

    public static HistoryEvent StartedEvent(WorkflowTaskState task) => new()
    {
        EventId = task.StartedEventId,
        EventTime = task.StartedTime.Wire(),
        EventType = EventType.WorkflowTaskStarted,
        WorkflowTaskStartedEventAttributes = new()
        {
            ScheduledEventId = task.ScheduledEventId,
            Identity = task.Identity,
            RequestId = task.RequestId,
            SuggestContinueAsNew = task.SuggestContinue,
            HistorySizeBytes = task.HistoryBytes,
            WorkerVersion = WorkerBuilds.Stamp(task.BuildId),
        },
    };

    /// <summary>The worker could not do it; another attempt follows at once, without the sticky cache.</summary>
    public static void Fail(Turn turn, Run run, WorkflowTaskFailedCause cause, Failure? failure, string identity, bool again = true)
    {
        var task = run.State.Task!;
        if (task.Attempt == 1)
        {
            WriteBoth(turn, run);
            var e = Histories.New(turn, EventType.WorkflowTaskFailed);
            e.WorkflowTaskFailedEventAttributes = new()
            {
                ScheduledEventId = task.ScheduledEventId,
                StartedEventId = task.StartedEventId,
                Cause = cause,
                Failure = failure,
                Identity = identity,
            };
            Histories.Append(turn, run, e);
        }

        Retry(turn, run, task.Attempt + 1, again);
    }

    /// <summary>The worker was silent for too long.</summary>
    public static void TimeOut(Turn turn, Run run)
    {
        var task = run.State.Task!;
        bool waited = !task.IsStarted;
        if (task.Attempt == 1)
        {
            if (!task.IsWritten)
            {
                if (waited)
                {
                    WriteScheduled(turn, run);
                }
                else
                {
                    WriteBoth(turn, run);
                }
            }

            var e = Histories.New(turn, EventType.WorkflowTaskTimedOut);
            e.WorkflowTaskTimedOutEventAttributes = new()
            {
                ScheduledEventId = task.ScheduledEventId,
                StartedEventId = task.StartedEventId,
                TimeoutType = waited ? TimeoutType.ScheduleToStart : TimeoutType.StartToClose,
            };
            Histories.Append(turn, run, e);
        }

        // Waiting in vain on a sticky queue is no failed attempt of the workflow.
        Retry(turn, run, waited ? task.Attempt : task.Attempt + 1, again: true);
    }

    private static void Retry(Turn turn, Run run, int attempt, bool again)
    {
        var state = run.State;
        state.Task = null;
        state.Sticky = null;
        state.TaskAttempt = Histories.Flush(turn, run) ? 1 : attempt;
        Updates.SendAgain(state);
        Queries.SendAgain(run);
        turn.Touch(run);
        if (again)
        {
            Schedule(turn, run);
        }
    }

    private static TimeSpan StartToClose(RunState state)
    {
        var retry = state.TaskAttempt <= 3 ? TimeSpan.Zero : TimeSpan.FromSeconds(5 * Math.Pow(2, Math.Min(state.TaskAttempt - 4, 10)));
        return state.TaskTimeout + (retry < LongestRetry ? retry : LongestRetry);
    }
}
