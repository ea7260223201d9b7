using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Goes back to a workflow task: a new run with the events up to it, and what came from outside afterwards.</summary>
internal static class Resets
{
    private const string Server = "history-service";

    public static string Reset(Turn turn, ResetWorkflowExecutionRequest request)
    {
        turn.State.Namespace(request.Namespace);
        if (request.RequestId.Length == 0)
        {
            throw Errors.Invalid("RequestId is not set on request.");
        }

        var from = turn.State.Runs.Get(request.Namespace, request.WorkflowExecution);
        var current = turn.State.Runs.Find(request.Namespace, from.State.WorkflowId, "");
        if (current is not null && current.State.StartRequests.Contains(request.RequestId))
        {
            return current.State.RunId;
        }

        int kept = Kept(from, request.WorkflowTaskFinishEventId);
        string runId = turn.Ids.NewRunId(from.State.WorkflowId);
        from.State.ResetTo = runId;
        turn.Touch(from);
        if (current is { State.IsOpen: true })
        {
            current.State.ResetTo = runId;
            Closes.Terminate(turn, current, request.Reason, null, "history-resetter");
        }

        var run = Copy(turn, from, kept, runId, request.RequestId);
        Fail(turn, run, from, request);
        new Reapplication(turn, run, request).Bring(from, kept);
        foreach (var activity in run.State.Activities.Values)
        {
            activity.Scheduled = turn.Now;
            Activities.Enqueue(turn, run, activity);
        }

        foreach (var child in run.State.Children.Values.Where(c => c.RunId.Length == 0))
        {
            turn.Later(t => ChildStarts.Start(t, run, run.History[(int)child.InitiatedEventId - 1]));
        }

        Externals.SendAgain(turn, run);
        WorkflowTasks.Schedule(turn, run);
        return run.State.RunId;
    }

    /// <summary>How many events the new run begins with: up to a workflow task that was scheduled or begun.</summary>
    private static int Kept(Run from, long finish)
    {
        if (finish <= 1 || finish > from.History.Count)
        {
            throw Errors.Invalid("Workflow task finish ID must be > 1 && <= workflow last event ID.");
        }

        return from.History[(int)finish - 2].EventType is EventType.WorkflowTaskStarted or EventType.WorkflowTaskScheduled
            ? (int)finish - 1 : throw Errors.Invalid($"WorkflowTaskFinishEventId {finish} is not the end of a workflow task.");
    }

    /// <summary>Writes off the task that the new run goes on from.</summary>
    private static void Fail(Turn turn, Run run, Run from, ResetWorkflowExecutionRequest request)
    {
        var last = run.History[^1];
        if (last.EventType == EventType.WorkflowTaskScheduled)
        {
            var begun = Histories.New(turn, EventType.WorkflowTaskStarted);
            begun.WorkflowTaskStartedEventAttributes = new()
            {
                ScheduledEventId = last.EventId,
                Identity = Server,
                RequestId = turn.Ids.NewRequestId(run, last.EventId, 0),
            };
            last = Histories.Append(turn, run, begun);
        }

        var failed = Histories.New(turn, EventType.WorkflowTaskFailed);
        failed.WorkflowTaskFailedEventAttributes = new()
        {
            ScheduledEventId = last.WorkflowTaskStartedEventAttributes.ScheduledEventId,
            StartedEventId = last.EventId,
            Cause = WorkflowTaskFailedCause.ResetWorkflow,
            Failure = new Failure { Message = request.Reason, ResetWorkflowFailureInfo = new() },
            Identity = Server,
            BaseRunId = from.State.RunId,
            NewRunId = run.State.RunId,
        };
        Histories.Append(turn, run, failed);
    }

    private static Run Copy(Turn turn, Run from, int events, string runId, string requestId)
    {
        var old = from.State;
        var state = new RunState
        {
            Namespace = old.Namespace,
            WorkflowId = old.WorkflowId,
            RunId = runId,
            Number = turn.State.Runs.NextNumber++,
            Parent = old.Parent,
            StartRequests = [requestId],
            ResetTime = turn.Now,
        };
        var run = new Run(state, []);
        foreach (var e in from.History.Take(events))
        {
            Histories.Append(turn, run, e.Clone());
        }

        // The clock of the run begins anew; the chain's does not.
        state.StartTime = state.ExecutionTime = turn.Now;
        state.BackoffUntil = null;
        state.RunExpires = Times.Earlier(turn.Now.After(state.RunTimeout), state.ExecutionExpires);
        turn.State.Runs.Add(run);
        run.Listed = true;
        return run;
    }
}
