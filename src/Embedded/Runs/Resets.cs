using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Goes back to a workflow task: a new run with the events up to it, and what came from outside afterwards.</summary>
internal static class Resets
{
    public static string Reset(Turn turn, ResetWorkflowExecutionRequest request)
    {
        turn.State.Namespace(request.Namespace);
        var from = turn.State.Runs.Get(request.Namespace, request.WorkflowExecution);
        long finish = request.WorkflowTaskFinishEventId;
        if (finish <= 1 || finish > from.History.Count)
        {
            throw Errors.Invalid("Workflow task finish ID must be > 1 && <= workflow last event ID.");
        }

        if (from.History[(int)finish - 2].EventType is not EventType.WorkflowTaskStarted)
        {
            throw Errors.Invalid($"WorkflowTaskFinishEventId {finish} is not the end of a workflow task.");
        }

        if (turn.State.Runs.Find(request.Namespace, from.State.WorkflowId, "") is { State.IsOpen: true } open)
        {
            Closes.Terminate(turn, open, request.Reason, null, request.Identity);
        }

        var run = Copy(turn, from, (int)finish - 1, request.RequestId);
        var failed = Histories.New(turn, EventType.WorkflowTaskFailed);
        var started = run.History[^1];
        failed.WorkflowTaskFailedEventAttributes = new()
        {
            ScheduledEventId = started.WorkflowTaskStartedEventAttributes.ScheduledEventId,
            StartedEventId = started.EventId,
            Cause = WorkflowTaskFailedCause.ResetWorkflow,
            Failure = new Failure { Message = request.Reason, Source = "Server", ResetWorkflowFailureInfo = new() },
            Identity = request.Identity,
            BaseRunId = from.State.RunId,
            NewRunId = run.State.RunId,
        };
        Histories.Append(turn, run, failed);
        Reapply(turn, run, from, (int)finish - 1, request);
        foreach (var activity in run.State.Activities.Values)
        {
            activity.Scheduled = turn.Now;
            Activities.Enqueue(turn, run, activity);
        }

        WorkflowTasks.Schedule(turn, run);
        return run.State.RunId;
    }

    private static Run Copy(Turn turn, Run from, int events, string requestId)
    {
        var old = from.State;
        var state = new RunState
        {
            Namespace = old.Namespace,
            WorkflowId = old.WorkflowId,
            RunId = turn.Ids.NewRunId(old.WorkflowId),
            Number = turn.State.Runs.NextNumber++,
            Parent = old.Parent,
        };
        if (requestId.Length > 0)
        {
            state.StartRequests.Add(requestId);
        }

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

    private static void Reapply(Turn turn, Run run, Run from, int after, ResetWorkflowExecutionRequest request)
    {
        bool signals = request.ResetReapplyType is not ResetReapplyType.None && !request.ResetReapplyExcludeTypes.Contains(ResetReapplyExcludeType.Signal);
        bool updates = request.ResetReapplyType is not (ResetReapplyType.None or ResetReapplyType.Signal)
            && !request.ResetReapplyExcludeTypes.Contains(ResetReapplyExcludeType.Update);
        foreach (var e in from.History.Skip(after))
        {
            if (signals && e.WorkflowExecutionSignaledEventAttributes is { } signal)
            {
                var again = Histories.New(turn, EventType.WorkflowExecutionSignaled);
                again.WorkflowExecutionSignaledEventAttributes = signal.Clone();
                Histories.Append(turn, run, again);
            }
            else if (updates && e.WorkflowExecutionUpdateAcceptedEventAttributes is { AcceptedRequest: { } asked } accepted)
            {
                var again = Histories.New(turn, EventType.WorkflowExecutionUpdateAdmitted);
                again.WorkflowExecutionUpdateAdmittedEventAttributes = new() { Request = asked.Clone(), Origin = UpdateAdmittedEventOrigin.Reapply };
                Histories.Append(turn, run, again);
                run.State.Updates[accepted.ProtocolInstanceId] = new UpdateState
                {
                    Id = accepted.ProtocolInstanceId,
                    Number = ++run.State.UpdateCount,
                    Request = asked.Clone(),
                };
            }
        }
    }
}
