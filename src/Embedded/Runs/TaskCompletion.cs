using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>A worker's answer to a workflow task.</summary>
internal static class TaskCompletion
{
    /// <summary>The run whose task a token stands for, or Temporal's error: it was failed, timed out, or belongs to a run that has ended.</summary>
    public static Run Find(Turn turn, ByteString wire)
    {
        var token = TaskToken.Read(wire, TaskToken.WorkflowTask);
        var run = turn.State.Runs.ByRunId(token.RunId) ?? throw Errors.NotFound("workflow execution not found");
        if (!run.State.IsOpen)
        {
            throw Closes.AlreadyClosed();
        }

        return run.State.Task is { IsStarted: true } task && task.ScheduledEventId == token.ScheduledEventId && task.StartedEventId == token.StartedEventId
            && task.Attempt == token.Attempt ? run : throw Errors.NotFound("Workflow task not found.");
    }

    public static RespondWorkflowTaskCompletedResponse Complete(Turn turn, RespondWorkflowTaskCompletedRequest request)
    {
        var run = Find(turn, request.TaskToken);
        Limits.Check(turn, run);
        var state = run.State;
        var task = state.Task!;
        var answer = new RespondWorkflowTaskCompletedResponse();
        if (task.Kind == WorkflowTaskKind.Speculative && request.Commands.Count == 0 && request.Messages.All(m => m.Body.Is(Rejection.Descriptor)))
        {
            answer.ResetHistoryEventId = state.LastStartedEventId;
            Remember(state, request);
            Take(turn, run, request);
            state.Task = null;
            Settle(turn, run, request, answer, more: false);
            return answer;
        }

        if (request.Commands.SkipLast(1).Any(CommandCheck.Closes))
        {
            throw Errors.Invalid("invalid command sequence: a command that ends the workflow must be the last one");
        }

        if (Wrong(turn, run, request) is { } wrong)
        {
            WorkflowTasks.Fail(turn, run, wrong.Cause, new Failure { Message = wrong.Message, ServerFailureInfo = new() }, request.Identity, again: !wrong.Ends);
            if (wrong.Ends)
            {
                // It would say as much again at every attempt.
                Closes.Terminate(turn, run, wrong.Message, null, "history-service");
            }

            if (wrong.Cause == WorkflowTaskFailedCause.UnhandledCommand)
            {
                Queries.Dispatch(turn, run);
            }

            throw Errors.Invalid(wrong.Message);
        }

        WorkflowTasks.WriteBoth(turn, run);
        var completed = Histories.New(turn, EventType.WorkflowTaskCompleted);
        completed.WorkflowTaskCompletedEventAttributes = new()
        {
            ScheduledEventId = task.ScheduledEventId,
            StartedEventId = task.StartedEventId,
            Identity = request.Identity,
            SdkMetadata = request.SdkMetadata,
            MeteringMetadata = request.MeteringMetadata,
            WorkerVersion = WorkerBuilds.Stamp(WorkerBuilds.Of(request)),
        };
        Histories.Append(turn, run, completed);
        Remember(state, request);
        var messages = request.Messages.ToDictionary(m => m.Id, StringComparer.Ordinal);
        foreach (var command in request.Commands)
        {
            CommandRouter.Apply(turn, run, completed.EventId, command, messages, request.Identity);
            if (!state.IsOpen)
            {
                break;
            }
        }

        if (state.IsOpen)
        {
            foreach (var message in request.Messages.Where(m => messages.ContainsKey(m.Id)))
            {
                Updates.Take(turn, run, message);
            }
        }

        Queries.TakeResults(turn, run, request.QueryResults);
        state.Task = null;
        Settle(turn, run, request, answer, more: request.ForceCreateNewWorkflowTask);
        return answer;
    }

    private static void Take(Turn turn, Run run, RespondWorkflowTaskCompletedRequest request)
    {
        foreach (var message in request.Messages)
        {
            Updates.Take(turn, run, message);
        }

        Queries.TakeResults(turn, run, request.QueryResults);
    }

    /// <summary>What came in meanwhile gets its place, and another task follows where something is left to say.</summary>
    private static void Settle(Turn turn, Run run, RespondWorkflowTaskCompletedRequest request, RespondWorkflowTaskCompletedResponse answer, bool more)
    {
        turn.Touch(run);
        if (!run.State.IsOpen)
        {
            return;
        }

        if (run.ForgetSticky)
        {
            run.ForgetSticky = false;
            run.State.Sticky = null;
        }

        if (Histories.Flush(turn, run) || more)
        {
            WorkflowTasks.Schedule(turn, run);
        }
        else if (Updates.AnyUnanswered(run.State))
        {
            WorkflowTasks.Schedule(turn, run, forUpdate: true);
        }

        Queries.SendAgain(run);
        if (request.ReturnNewWorkflowTask && run.State.Task is not null && !turn.State.Faults.IsSeeded)
        {
            WorkflowTasks.Start(turn, run, request.Identity, WorkerBuilds.Of(request));
            run.TaskHandedOut = DateTime.UtcNow;
            answer.WorkflowTask = TaskDelivery.Response(turn, run, onlyNew: true);
        }
        else
        {
            Queries.Dispatch(turn, run);
        }
    }

    private static void Remember(RunState state, RespondWorkflowTaskCompletedRequest request)
    {
        state.Transitions++;
        state.Sticky = request.StickyAttributes is { WorkerTaskQueue.Name.Length: > 0 } sticky
            ? new StickyWorker(sticky.WorkerTaskQueue.Name, sticky.ScheduleToStartTimeout.Span()) : null;
    }

    private static (WorkflowTaskFailedCause Cause, string Message, bool Ends)? Wrong(Turn turn, Run run, RespondWorkflowTaskCompletedRequest request)
    {
        var state = run.State;
        var check = new CommandCheck(state, turn.State.Namespace(state.Namespace));
        if (check.Find(request.Commands) is { } wrong)
        {
            return (wrong.Cause, wrong.Cause + ": " + wrong.Message, check.FoundTooLarge);
        }

        // The workflow would end without having seen what came in meanwhile.
        return request.Commands.Any(CommandCheck.Closes) && (state.Buffered.Count > 0 || Updates.AnyUnsent(state))
            ? (WorkflowTaskFailedCause.UnhandledCommand, "UnhandledCommand", false) : null;
    }
}
