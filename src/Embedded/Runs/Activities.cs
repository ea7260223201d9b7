namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Activities from the command to the worker.</summary>
internal static class Activities
{
    public static void Schedule(Turn turn, Run run, long completedId, Command command)
    {
        var c = command.ScheduleActivityTaskCommandAttributes;
        var limit = run.State.RunTimeout;
        var (toClose, toStart, startToClose, heartbeat) = Limits(c, limit);
        var retry = c.RetryPolicy?.Clone() ?? new RetryPolicy();
        Retries.Normalize(retry);
        var e = Histories.New(turn, EventType.ActivityTaskScheduled);
        e.UserMetadata = command.UserMetadata;
        e.ActivityTaskScheduledEventAttributes = new()
        {
            ActivityId = c.ActivityId,
            ActivityType = c.ActivityType,
            TaskQueue = new TaskQueue { Name = c.TaskQueue is { Name.Length: > 0 } own ? own.Name : run.State.TaskQueue, Kind = TaskQueueKind.Normal },
            Header = c.Header,
            Input = c.Input,
            ScheduleToCloseTimeout = toClose.Wire(),
            ScheduleToStartTimeout = toStart.Wire(),
            StartToCloseTimeout = startToClose.Wire(),
            HeartbeatTimeout = heartbeat.Wire(),
            WorkflowTaskCompletedEventId = completedId,
            RetryPolicy = retry,
            UseWorkflowBuildId = c.UseWorkflowBuildId,
            Priority = c.Priority,
        };
        Histories.Append(turn, run, e);
        Enqueue(turn, run, run.State.Activities[e.EventId]);
    }

    public static void Apply(RunState state, HistoryEvent e)
    {
        var a = e.ActivityTaskScheduledEventAttributes;
        var now = e.EventTime.ToDateTime();
        state.Activities[e.EventId] = new ActivityState
        {
            ScheduledEventId = e.EventId,
            ActivityId = a.ActivityId,
            Queue = a.TaskQueue.Name,
            FirstScheduled = now,
            Scheduled = now,
            ScheduleToClose = a.ScheduleToCloseTimeout.Span(),
            ScheduleToStart = a.ScheduleToStartTimeout.Span(),
            StartToClose = a.StartToCloseTimeout.Span(),
            Heartbeat = a.HeartbeatTimeout.Span(),
            Retry = a.RetryPolicy,
            Queued = true,
        };
    }

    public static void Enqueue(Turn turn, Run run, ActivityState activity) => turn.State.Queues.Add(
        new QueueKey(run.State.Namespace, activity.Queue, TaskQueueType.Activity),
        new QueuedTask(run, activity.ScheduledEventId, activity.Attempt, null, turn.Now) { Queue = activity.Queue, Activity = true });

    /// <summary>Whether a note on a queue still stands for a task.</summary>
    public static bool Holds(QueuedTask queued, DateTime now) =>
        queued.Run.State.IsOpen && queued.Run.State.Activities.TryGetValue(queued.EventId, out var activity)
        && activity.Started is null && activity.Attempt == queued.Attempt && activity.Scheduled <= now;

    /// <summary>Gives the activity to a worker. Nothing is written in the history until it ends.</summary>
    public static PollActivityTaskQueueResponse Start(Turn turn, Run run, long scheduledId, string identity)
    {
        var state = run.State;
        var activity = state.Activities[scheduledId];
        activity.Started = turn.Now;
        activity.Queued = false;
        activity.Identity = identity;
        activity.RequestId = turn.Ids.NewRequestId(run, scheduledId, activity.Attempt);
        activity.LastHeartbeat = null;
        turn.Touch(run);
        var a = run.History[(int)scheduledId - 1].ActivityTaskScheduledEventAttributes;
        return new PollActivityTaskQueueResponse
        {
            TaskToken = new TaskToken(TaskToken.ActivityTask, state.RunId, scheduledId, 0, activity.Attempt, "").Wire(),
            WorkflowNamespace = state.Namespace,
            WorkflowType = new WorkflowType { Name = state.WorkflowType },
            WorkflowExecution = state.Execution,
            ActivityType = a.ActivityType,
            ActivityId = activity.ActivityId,
            Header = a.Header,
            Input = a.Input,
            HeartbeatDetails = activity.HeartbeatDetails,
            ScheduledTime = activity.FirstScheduled.Wire(),
            CurrentAttemptScheduledTime = activity.Scheduled.Wire(),
            StartedTime = turn.Stamp,
            Attempt = activity.Attempt,
            ScheduleToCloseTimeout = activity.ScheduleToClose.Wire(),
            StartToCloseTimeout = activity.StartToClose.Wire(),
            HeartbeatTimeout = activity.Heartbeat.Wire(),
            RetryPolicy = activity.Retry,
            Priority = a.Priority,
        };
    }

    public static void RequestCancel(Turn turn, Run run, long completedId, long scheduledId, string identity)
    {
        var e = Histories.New(turn, EventType.ActivityTaskCancelRequested);
        e.ActivityTaskCancelRequestedEventAttributes = new() { ScheduledEventId = scheduledId, WorkflowTaskCompletedEventId = completedId };
        Histories.Append(turn, run, e);
        if (run.State.Activities.TryGetValue(scheduledId, out var activity) && activity.Started is null)
        {
            // Nobody has it: it is canceled at once.
            ActivityAnswers.WriteCanceled(turn, run, activity, Text("ACTIVITY_ID_NOT_STARTED"), identity);
        }
    }

    private static (TimeSpan ToClose, TimeSpan ToStart, TimeSpan StartToClose, TimeSpan Heartbeat) Limits(ScheduleActivityTaskCommandAttributes c, TimeSpan runTimeout)
    {
        var toClose = Least(c.ScheduleToCloseTimeout.Span(), runTimeout);
        var toStart = Least(c.ScheduleToStartTimeout.Span(), runTimeout);
        var startToClose = Least(c.StartToCloseTimeout.Span(), runTimeout);
        var heartbeat = Least(c.HeartbeatTimeout.Span(), runTimeout);
        if (toClose > TimeSpan.Zero)
        {
            toStart = toStart > TimeSpan.Zero ? Least(toStart, toClose) : toClose;
            startToClose = startToClose > TimeSpan.Zero ? Least(startToClose, toClose) : toClose;
        }
        else
        {
            toClose = runTimeout;
            toStart = toStart > TimeSpan.Zero ? toStart : runTimeout;
        }

        return (toClose, toStart, startToClose, Least(heartbeat, startToClose));
    }

    private static Payloads Text(string text)
    {
        var payload = new Payload { Data = ByteString.CopyFromUtf8(System.Text.Json.JsonSerializer.Serialize(text)) };
        payload.Metadata["encoding"] = ByteString.CopyFromUtf8("json/plain");
        return new Payloads { Payloads_ = { payload } };
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan limit) => a == TimeSpan.Zero || limit == TimeSpan.Zero || a < limit ? a : limit;
}
