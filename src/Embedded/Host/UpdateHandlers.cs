using Temporalio.Api.ErrorDetails.V1;

namespace VirtEngine.DR.Embedded.Host;

/// <summary>Updates: sent, waited for, and together with a start.</summary>
internal static class UpdateHandlers
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    public static void Register(Rpc rpc)
    {
        rpc.Add<UpdateWorkflowExecutionRequest, UpdateWorkflowExecutionResponse>((request, call) => LongPoll.AskAsync<UpdateWorkflowExecutionResponse>(
            rpc.Loop, call, LongestWait,
            (turn, reply) => turn.State.Faults.OnMessage(turn, (t, again) =>
                Guarded.Run(t, again ? new Reply<UpdateWorkflowExecutionResponse>() : reply, (now, to) => Take(now, request, to))),
            (turn, reply) => Expire(turn, request, reply),
            early: false));
        rpc.Add<PollWorkflowExecutionUpdateRequest, PollWorkflowExecutionUpdateResponse>((request, call) => LongPoll.AskAsync<PollWorkflowExecutionUpdateResponse>(
            rpc.Loop, call, LongestWait,
            (turn, reply) =>
            {
                turn.State.Namespace(request.Namespace);
                var run = turn.State.Runs.Get(request.Namespace, request.UpdateRef?.WorkflowExecution);
                Updates.Wait(turn, run, new UpdateWaiter(
                    request.UpdateRef!.UpdateId, request.WaitPolicy?.LifecycleStage ?? UpdateWorkflowExecutionLifecycleStage.Unspecified, reply,
                    (t, stage, outcome) => t.Answer(reply, Polled(run, request.UpdateRef.UpdateId, stage, outcome))));
            },
            (turn, reply) =>
            {
                var run = turn.State.Runs.Get(request.Namespace, request.UpdateRef.WorkflowExecution);
                turn.Answer(reply, run.State.Updates.TryGetValue(request.UpdateRef.UpdateId, out var update)
                    ? Polled(run, update.Id, Updates.Stage(run.State, update), Updates.OutcomeOf(run, update))
                    : new PollWorkflowExecutionUpdateResponse());
            },
            early: false));
        rpc.Add<ExecuteMultiOperationRequest, ExecuteMultiOperationResponse>((request, call) => UpdateWithStartAsync(rpc, request, call));
    }

    private static void Take(Turn turn, UpdateWorkflowExecutionRequest request, Reply<UpdateWorkflowExecutionResponse> reply)
    {
        turn.State.Namespace(request.Namespace);
        Check(request);
        var run = turn.State.Runs.Get(request.Namespace, request.WorkflowExecution);
        if (request.FirstExecutionRunId.Length > 0 && run.State.FirstRunId != request.FirstExecutionRunId)
        {
            throw Errors.NotFound("workflow execution not found");
        }

        Send(turn, run, request, reply);
    }

    /// <summary>Takes the update in and registers the caller.</summary>
    private static void Send(Turn turn, Run run, UpdateWorkflowExecutionRequest request, Reply<UpdateWorkflowExecutionResponse> reply)
    {
        Updates.Receive(turn, run, request.Request);
        string id = request.Request.Meta.UpdateId;
        var wanted = request.WaitPolicy?.LifecycleStage ?? UpdateWorkflowExecutionLifecycleStage.Accepted;
        Updates.Wait(turn, run, new UpdateWaiter(
            id, wanted < UpdateWorkflowExecutionLifecycleStage.Accepted ? UpdateWorkflowExecutionLifecycleStage.Accepted : wanted, reply,
            (t, stage, outcome) => t.Answer(reply, Answer(run, id, stage, outcome))));
    }

    /// <summary>The caller waited long enough: it hears how far the update has come, and asks again.</summary>
    private static void Expire(Turn turn, UpdateWorkflowExecutionRequest request, Reply<UpdateWorkflowExecutionResponse> reply)
    {
        var run = turn.State.Runs.Get(request.Namespace, request.WorkflowExecution);
        string id = request.Request.Meta.UpdateId;
        turn.Answer(reply, run.State.Updates.TryGetValue(id, out var update)
            ? Answer(run, id, Updates.Stage(run.State, update), Updates.OutcomeOf(run, update)) : new UpdateWorkflowExecutionResponse());
    }

    private static async Task<ExecuteMultiOperationResponse> UpdateWithStartAsync(Rpc rpc, ExecuteMultiOperationRequest request, ServerCallContext call)
    {
        if (request.Operations is not [{ StartWorkflow: { } start }, { UpdateWorkflow: { } update }])
        {
            throw Errors.Invalid("Operations have to be exactly [Start, Update].");
        }

        StartWorkflowExecutionResponse? started = null;
        UpdateWorkflowExecutionRequest? sent = null;
        var answer = await LongPoll.AskAsync<UpdateWorkflowExecutionResponse>(
            rpc.Loop, call, LongestWait,
            (turn, reply) =>
            {
                try
                {
                    Check(update);
                    var (run, isNew, same) = StartOrFind(turn, start, update);
                    started = new StartWorkflowExecutionResponse
                    {
                        RunId = run.State.RunId,
                        Started = isNew || same,
                        Status = run.State.Status,
                        FirstExecutionRunId = run.State.FirstRunId,
                    };
                    sent = update.Clone();
                    sent.WorkflowExecution = run.State.Execution;
                    if (isNew)
                    {
                        Starts.Begin(turn, run);
                    }

                    Send(turn, run, sent, reply);
                }
                catch (RpcException refused)
                {
                    throw Multiple(refused, ofStart: started is null);
                }
            },
            (turn, reply) => Expire(turn, sent!, reply),
            early: false).ConfigureAwait(false);
        var response = new ExecuteMultiOperationResponse();
        response.Responses.Add(new ExecuteMultiOperationResponse.Types.Response { StartWorkflow = started });
        response.Responses.Add(new ExecuteMultiOperationResponse.Types.Response { UpdateWorkflow = answer });
        return response;
    }

    private static (Run Run, bool IsNew, bool SameRequest) StartOrFind(Turn turn, StartWorkflowExecutionRequest start, UpdateWorkflowExecutionRequest update)
    {
        // An update that the current run knows is answered from there, even when the run has ended: the caller lost the first answer.
        var current = turn.State.Runs.Find(start.Namespace, start.WorkflowId, "");
        return current is not null && current.State.Updates.ContainsKey(update.Request.Meta.UpdateId) ? (current, false, false) : ClientStarts.Start(turn, start);
    }

    /// <summary>The error of two operations, of which one failed and the other was not done.</summary>
    private static RpcException Multiple(RpcException refused, bool ofStart)
    {
        var failed = new MultiOperationExecutionFailure.Types.OperationStatus { Code = (int)refused.StatusCode, Message = refused.Status.Detail };
        if (refused.Trailers.GetValueBytes("grpc-status-details-bin") is { } wire)
        {
            failed.Details.Add(GrpcStatus.Parser.ParseFrom(wire).Details);
        }

        var other = new MultiOperationExecutionFailure.Types.OperationStatus { Code = (int)StatusCode.Aborted, Message = "Operation was aborted." };
        other.Details.Add(Any.Pack(new Temporalio.Api.Failure.V1.MultiOperationExecutionAborted()));
        var all = new MultiOperationExecutionFailure();
        all.Statuses.Add(ofStart ? failed : other);
        all.Statuses.Add(ofStart ? other : failed);
        return Errors.Make(refused.StatusCode, "Update-with-Start could not be executed.", all);
    }

    private static void Check(UpdateWorkflowExecutionRequest request)
    {
        if (request.Request?.Input is not { Name.Length: > 0 })
        {
            throw Errors.Invalid("UpdateName is not set on request.");
        }

        Limits.Check(request.Request.Input.Args);
        request.Request.Meta ??= new Meta();
        if (request.Request.Meta.UpdateId.Length == 0)
        {
            request.Request.Meta.UpdateId = Guid.NewGuid().ToString();
        }
    }

    private static UpdateWorkflowExecutionResponse Answer(Run run, string id, UpdateWorkflowExecutionLifecycleStage stage, Outcome? outcome) => new()
    {
        UpdateRef = new UpdateRef { WorkflowExecution = run.State.Execution, UpdateId = id },
        Stage = stage,
        Outcome = outcome,
    };

    private static PollWorkflowExecutionUpdateResponse Polled(Run run, string id, UpdateWorkflowExecutionLifecycleStage stage, Outcome? outcome) => new()
    {
        UpdateRef = new UpdateRef { WorkflowExecution = run.State.Execution, UpdateId = id },
        Stage = stage,
        Outcome = outcome,
    };
}
