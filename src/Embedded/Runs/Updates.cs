using VirtEngine.DR.Embedded.Host;
using Message = Temporalio.Api.Protocol.V1.Message;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Updates: admitted, sent to a worker until it answers, accepted or refused, completed.</summary>
internal static class Updates
{
    public const int MaximumInFlight = 10;
    public const int MaximumTotal = 2000;

    /// <summary>Takes an update in, or finds the one of the same id.</summary>
    public static void Receive(Turn turn, Run run, Request request)
    {
        var state = run.State;
        string id = request.Meta.UpdateId;
        if (state.Updates.ContainsKey(id))
        {
            return;
        }

        if (!state.IsOpen)
        {
            throw Closes.AlreadyClosed();
        }

        Limits.Check(turn, run);
        if (state.Updates.Values.Count(u => u.CompletedEventId == 0) >= MaximumInFlight)
        {
            throw Errors.Exhausted(
                $"limit on number of concurrent in-flight updates has been reached ({MaximumInFlight})", ResourceExhaustedCause.ConcurrentLimit);
        }

        if (state.UpdateCount >= MaximumTotal)
        {
            throw Errors.FailedPrecondition($"limit on number of total updates has been reached ({MaximumTotal})");
        }

        state.UpdateCount++;
        state.Updates[id] = new UpdateState { Id = id, Number = state.UpdateCount, Request = request };
        turn.Touch(run);
        WorkflowTasks.Schedule(turn, run, forUpdate: true);
    }

    /// <summary>Waits for a stage; answers at once where it is reached.</summary>
    public static void Wait(Turn turn, Run run, UpdateWaiter waiter)
    {
        if (!run.State.Updates.TryGetValue(waiter.UpdateId, out var update))
        {
            throw Errors.NotFound($"update \"{waiter.UpdateId}\" not found");
        }

        run.UpdateWaiters.Add(waiter);
        Reached(turn, run, update.Id);
    }

    public static Outcome? OutcomeOf(Run run, UpdateState update) => update.CompletedEventId == 0 ? null
        : run.History[(int)update.CompletedEventId - 1].WorkflowExecutionUpdateCompletedEventAttributes.Outcome;

    public static void Apply(RunState state, HistoryEvent e)
    {
        if (e.WorkflowExecutionUpdateAdmittedEventAttributes is { } admitted)
        {
            string id = admitted.Request.Meta.UpdateId;
            state.Updates[id] = new UpdateState { Id = id, Number = ++state.UpdateCount, Request = admitted.Request, AdmittedEventId = e.EventId };
        }
        else if (e.WorkflowExecutionUpdateAcceptedEventAttributes is { } accepted)
        {
            if (!state.Updates.TryGetValue(accepted.ProtocolInstanceId, out var update))
            {
                update = state.Updates[accepted.ProtocolInstanceId] = new UpdateState { Id = accepted.ProtocolInstanceId, Number = ++state.UpdateCount };
            }

            update.AcceptedEventId = e.EventId;
            update.Request = null;
        }
        else if (e.WorkflowExecutionUpdateCompletedEventAttributes is { } completed && state.Updates.TryGetValue(completed.Meta.UpdateId, out var done))
        {
            done.CompletedEventId = e.EventId;
        }
    }

    /// <summary>Lays the updates that no worker has answered yet into a workflow task.</summary>
    public static void Attach(Turn turn, Run run, PollWorkflowTaskQueueResponse answer)
    {
        long started = run.State.Task!.StartedEventId;
        foreach (var update in run.State.Updates.Values.Where(u => u.Request is not null).OrderBy(u => u.Number))
        {
            update.SentWith = started;
            turn.Touch(run);
            if (update.AdmittedEventId > 0)
            {
                // The worker reads the request in the event; a message beside it would be a second update.
                continue;
            }

            answer.Messages.Add(new Message
            {
                Id = update.Id + "/request",
                ProtocolInstanceId = update.Id,
                EventId = started - 1,
                Body = Any.Pack(update.Request),
            });
        }
    }

    public static void SendAgain(RunState state)
    {
        foreach (var update in state.Updates.Values)
        {
            update.SentWith = 0;
        }
    }

    /// <summary>Whether an update waits that the worker at work has not seen.</summary>
    public static bool AnyUnsent(RunState state) => state.Updates.Values.Any(u => u.Request is not null && u.SentWith == 0);

    /// <summary>Whether an update waits for a worker's first answer.</summary>
    public static bool AnyUnanswered(RunState state) => state.Updates.Values.Any(u => u.Request is not null);

    /// <summary>Takes one message of a worker.</summary>
    public static void Take(Turn turn, Run run, Message message)
    {
        var state = run.State;
        if (!state.Updates.TryGetValue(message.ProtocolInstanceId, out var update))
        {
            return;
        }

        if (message.Body.TryUnpack<Acceptance>(out var acceptance) && update.Request is not null)
        {
            var e = Histories.New(turn, EventType.WorkflowExecutionUpdateAccepted);
            e.WorkflowExecutionUpdateAcceptedEventAttributes = new()
            {
                ProtocolInstanceId = update.Id,
                AcceptedRequestMessageId = acceptance.AcceptedRequestMessageId,
                AcceptedRequestSequencingEventId = acceptance.AcceptedRequestSequencingEventId,
                AcceptedRequest = update.AdmittedEventId > 0 ? null : update.Request,
            };
            Histories.Append(turn, run, e);
        }
        else if (message.Body.TryUnpack<Response>(out var response) && update is { AcceptedEventId: > 0, CompletedEventId: 0 })
        {
            var e = Histories.New(turn, EventType.WorkflowExecutionUpdateCompleted);
            e.WorkflowExecutionUpdateCompletedEventAttributes = new()
            {
                Meta = response.Meta,
                Outcome = response.Outcome,
                AcceptedEventId = update.AcceptedEventId,
            };
            Histories.Append(turn, run, e);
        }
        else if (message.Body.TryUnpack<Rejection>(out var rejection) && update.Request is not null)
        {
            state.Updates.Remove(update.Id);
            state.UpdateCount--;
            turn.Touch(run);
            Tell(turn, run, update.Id, UpdateWorkflowExecutionLifecycleStage.Completed, new Outcome { Failure = rejection.Failure });
            return;
        }

        Reached(turn, run, update.Id);
    }

    /// <summary>The run has ended: who waits for an update hears what became of it.</summary>
    public static void Ended(Turn turn, Run run)
    {
        var state = run.State;
        foreach (var update in state.Updates.Values.Where(u => u.CompletedEventId == 0).ToArray())
        {
            if (update.AcceptedEventId > 0)
            {
                Tell(turn, run, update.Id, UpdateWorkflowExecutionLifecycleStage.Completed, new Outcome { Failure = CutOff() });
                continue;
            }

            state.Updates.Remove(update.Id);
            var error = state.ContinuedAs is null
                ? Closes.AlreadyClosed()
                : Errors.Make(StatusCode.Unavailable, "the workflow continues in a new run; send the update again", null);
            foreach (var waiter in run.UpdateWaiters.Where(w => w.UpdateId == update.Id).ToArray())
            {
                run.UpdateWaiters.Remove(waiter);
                turn.Refuse(waiter.Reply, error);
            }
        }
    }

    public static Failure CutOff() => new()
    {
        Message = "Workflow Update failed because the Workflow completed before the Update completed.",
        Source = "Server",
        ApplicationFailureInfo = new() { Type = "AcceptedUpdateCompletedWorkflow", NonRetryable = true },
    };

    /// <summary>The stage of an update now.</summary>
    public static UpdateWorkflowExecutionLifecycleStage Stage(RunState state, UpdateState update) =>
        update.CompletedEventId > 0 || !state.IsOpen ? UpdateWorkflowExecutionLifecycleStage.Completed
        : update.AcceptedEventId > 0 ? UpdateWorkflowExecutionLifecycleStage.Accepted : UpdateWorkflowExecutionLifecycleStage.Admitted;

    private static void Reached(Turn turn, Run run, string id)
    {
        var update = run.State.Updates[id];
        var stage = Stage(run.State, update);
        var outcome = OutcomeOf(run, update) ?? (run.State.IsOpen ? null : new Outcome { Failure = CutOff() });
        Tell(turn, run, id, stage, outcome);
    }

    private static void Tell(Turn turn, Run run, string id, UpdateWorkflowExecutionLifecycleStage stage, Outcome? outcome)
    {
        foreach (var waiter in run.UpdateWaiters.Where(w => w.UpdateId == id && w.Stage <= stage).ToArray())
        {
            run.UpdateWaiters.Remove(waiter);
            waiter.Answer(turn, stage, outcome);
        }
    }
}
