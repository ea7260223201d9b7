using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>How an activity ends or goes on: completed, failed, canceled, or a sign of life.</summary>
internal static class ActivityAnswers
{
    /// <summary>The activity that a worker speaks of, or Temporal's error: it ended, timed out, or another attempt has begun.</summary>
    public static (Run Run, ActivityState Activity) Find(Turn turn, ByteString wire)
    {
        var token = TaskToken.Read(wire, TaskToken.ActivityTask);
        var run = turn.State.Runs.ByRunId(token.RunId) ?? throw Errors.NotFound("workflow execution not found");
        return !run.State.IsOpen
            ? throw Errors.NotFound("workflow execution already completed")
            : run.State.Activities.TryGetValue(token.ScheduledEventId, out var activity) && activity.Started is not null && activity.Attempt == token.Attempt
            ? (run, activity)
            : throw Errors.NotFound("invalid activityID or activity already timed out or invoking workflow is completed");
    }

    public static (Run Run, ActivityState Activity) FindById(Turn turn, string ns, string workflowId, string runId, string activityId)
    {
        turn.State.Namespace(ns);
        var run = turn.State.Runs.GetOpen(ns, new WorkflowExecution { WorkflowId = workflowId, RunId = runId });
        var activity = run.State.Activities.Values.FirstOrDefault(a => a.ActivityId == activityId);
        return activity is { Started: not null } ? (run, activity)
            : throw Errors.NotFound("invalid activityID or activity already timed out or invoking workflow is completed");
    }

    public static void Complete(Turn turn, Run run, ActivityState activity, Payloads? result, string identity)
    {
        if (Limits.Exceeds(result))
        {
            Fail(turn, run, activity, Limits.Failure("Complete result exceeds size limit."), identity);
            return;
        }

        var e = Histories.New(turn, EventType.ActivityTaskCompleted);
        e.ActivityTaskCompletedEventAttributes = new() { ScheduledEventId = activity.ScheduledEventId, Result = result, Identity = identity };
        End(turn, run, activity, e);
    }

    /// <summary>Plans the next attempt, or ends the activity when there is none.</summary>
    public static void Fail(Turn turn, Run run, ActivityState activity, Failure failure, string identity)
    {
        if (Limits.Exceeds(failure))
        {
            failure = Limits.Failure("Failure exceeds size limit.", failure);
        }

        if (Retry(turn, run, activity, failure, out var retryState))
        {
            return;
        }

        var e = Histories.New(turn, EventType.ActivityTaskFailed);
        e.ActivityTaskFailedEventAttributes = new()
        {
            ScheduledEventId = activity.ScheduledEventId,
            Failure = failure,
            Identity = identity,
            RetryState = retryState,
        };
        End(turn, run, activity, e);
    }

    /// <summary>The time is over: another attempt, or the end.</summary>
    public static void TimeOut(Turn turn, Run run, ActivityState activity, TimeoutType type)
    {
        var failure = new Failure
        {
            Message = $"activity {Name(type)} timeout",
            Source = "Server",
            TimeoutFailureInfo = new() { TimeoutType = type, LastHeartbeatDetails = activity.HeartbeatDetails },
        };
        if (Retry(turn, run, activity, failure, out var retryState))
        {
            return;
        }

        // A limit that a retry would have run over: what happened last is the cause.
        if (type == TimeoutType.ScheduleToClose && activity.LastFailure is { } last)
        {
            failure.Cause = last;
        }

        var e = Histories.New(turn, EventType.ActivityTaskTimedOut);
        e.ActivityTaskTimedOutEventAttributes = new() { ScheduledEventId = activity.ScheduledEventId, Failure = failure, RetryState = retryState };
        End(turn, run, activity, e);
    }

    public static void Cancel(Turn turn, Run run, ActivityState activity, Payloads? details, string identity)
    {
        if (Limits.Exceeds(details))
        {
            Fail(turn, run, activity, Limits.Failure("Cancel details exceed size limit."), identity);
            return;
        }

        if (!activity.CancelRequested)
        {
            throw Errors.Invalid("Unable to cancel activity: cancellation was not requested.");
        }

        WriteCanceled(turn, run, activity, details, identity);
    }

    public static void WriteCanceled(Turn turn, Run run, ActivityState activity, Payloads? details, string identity)
    {
        var e = Histories.New(turn, EventType.ActivityTaskCanceled);
        e.ActivityTaskCanceledEventAttributes = new()
        {
            ScheduledEventId = activity.ScheduledEventId,
            LatestCancelRequestedEventId = activity.CancelRequestedEventId,
            Details = details,
            Identity = identity,
        };
        End(turn, run, activity, e);
    }

    /// <summary>A sign of life; true tells the worker to stop.</summary>
    public static bool Heartbeat(Turn turn, Run run, ActivityState activity, Payloads? details, string identity)
    {
        if (Limits.Exceeds(details))
        {
            Fail(turn, run, activity, Limits.Failure("Heartbeat details exceed size limit."), identity);
            return true;
        }

        activity.LastHeartbeat = turn.Now;
        activity.HeartbeatDetails = details;
        turn.Touch(run);
        return activity.CancelRequested;
    }

    private static bool Retry(Turn turn, Run run, ActivityState activity, Failure failure, out RetryState retryState)
    {
        if (activity.CancelRequested)
        {
            retryState = RetryState.CancelRequested;
            return false;
        }

        var expires = Times.Earlier(activity.FirstScheduled.After(activity.ScheduleToClose), run.State.RunExpires);
        if (Retries.Next(activity.Retry, activity.Attempt, turn.Now, expires, failure, out retryState) is not { } wait)
        {
            return false;
        }

        activity.Attempt++;
        activity.Started = null;
        activity.Scheduled = turn.Now + wait;
        activity.RetryInterval = wait;
        activity.LastAttemptEnded = turn.Now;
        activity.LastFailure = failure;
        activity.Queued = wait <= TimeSpan.Zero;
        turn.Touch(run);
        if (activity.Queued)
        {
            Activities.Enqueue(turn, run, activity);
        }

        return true;
    }

    /// <summary>An activity that a worker had is written as Started and ended together.</summary>
    private static void End(Turn turn, Run run, ActivityState activity, HistoryEvent end)
    {
        if (activity.Started is not { } began)
        {
            Histories.FromOutside(turn, run, end);
            return;
        }

        var started = new HistoryEvent
        {
            EventTime = began.Wire(),
            EventType = EventType.ActivityTaskStarted,
            ActivityTaskStartedEventAttributes = new()
            {
                ScheduledEventId = activity.ScheduledEventId,
                Identity = activity.Identity,
                RequestId = activity.RequestId,
                Attempt = activity.Attempt,
                LastFailure = activity.LastFailure,
                WorkerVersion = WorkerBuilds.Stamp(activity.BuildId),
            },
        };
        Histories.FromOutside(turn, run, started, end);
    }

    private static string Name(TimeoutType type) => type switch
    {
        TimeoutType.StartToClose => "StartToClose",
        TimeoutType.ScheduleToStart => "ScheduleToStart",
        TimeoutType.ScheduleToClose => "ScheduleToClose",
        _ => "Heartbeat",
    };
}
