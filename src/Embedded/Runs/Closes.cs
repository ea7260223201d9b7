using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>How a run ends, and whom that concerns.</summary>
internal static class Closes
{
    public static void Terminate(Turn turn, Run run, string reason, Payloads? details, string identity)
    {
        var e = Histories.New(turn, EventType.WorkflowExecutionTerminated);
        e.WorkflowExecutionTerminatedEventAttributes = new() { Reason = reason, Details = details, Identity = identity };
        ByForce(turn, run, e, WorkflowExecutionStatus.Terminated);
    }

    /// <summary>The run's time is over; a retry or the next cron run may follow.</summary>
    public static void TimeOut(Turn turn, Run run)
    {
        var state = run.State;
        var failure = new Failure
        {
            Message = "workflow timeout",
            Source = "Server",
            TimeoutFailureInfo = new() { TimeoutType = TimeoutType.StartToClose },
        };
        var next = Successors.Plan(turn, run, failure, null, out var retryState);
        var e = Histories.New(turn, EventType.WorkflowExecutionTimedOut);
        e.WorkflowExecutionTimedOutEventAttributes = new() { RetryState = retryState, NewExecutionRunId = next?.RunId ?? "" };
        ByForce(turn, run, e, WorkflowExecutionStatus.TimedOut, next);
    }

    /// <summary>Ends a run with its closing event.</summary>
    public static void Close(Turn turn, Run run, HistoryEvent e, WorkflowExecutionStatus status, Successor? next = null)
    {
        var state = run.State;
        Histories.Append(turn, run, e);
        state.Status = status;
        state.CloseTime = turn.Now;
        state.Task = null;
        state.ContinuedAs = next?.RunId;
        state.Sticky = status == WorkflowExecutionStatus.ContinuedAsNew ? null : state.Sticky;
        run.Listed = true;
        Updates.Ended(turn, run);
        if (state.ResetTo is null)
        {
            // A reset hands the children to the new run.
            Children.ParentEnded(turn, run);
        }

        state.Activities.Clear();
        state.Timers.Clear();
        if (next is not null)
        {
            Successors.Start(turn, run, next);
        }
        else
        {
            turn.Later(t => Children.Ended(t, run, e));
            turn.Later(t => Schedules.ScheduleRunner.Ended(t, run, e));
        }

        turn.State.Runs.Closed(run);
        turn.State.RunClosed();
        turn.Later(t => Queries.Dispatch(t, run));
        turn.Touch(run);
    }

    /// <summary>Ends a run without its worker: what a worker had in hand is written off first.</summary>
    private static void ByForce(Turn turn, Run run, HistoryEvent e, WorkflowExecutionStatus status, Successor? next = null)
    {
        if (run.TaskStarted && run.State.Task!.IsWritten)
        {
            WorkflowTasks.Fail(turn, run, WorkflowTaskFailedCause.ForceCloseCommand, null, "history-service", again: false);
        }

        run.State.Task = null;
        Histories.Flush(turn, run);
        e.EventTime = turn.Stamp;
        Close(turn, run, e, status, next);
    }

    /// <summary>The error of somebody who acts on a run that has ended.</summary>
    public static RpcException AlreadyClosed() => Errors.NotFound("workflow execution already completed");
}
