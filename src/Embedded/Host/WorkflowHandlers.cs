namespace VirtEngine.DR.Embedded.Host;

/// <summary>Start, signal, cancel, terminate.</summary>
internal static class WorkflowHandlers
{
    public static void Register(Rpc rpc)
    {
        rpc.Message<StartWorkflowExecutionRequest, StartWorkflowExecutionResponse>(Start);
        rpc.Message<SignalWorkflowExecutionRequest, SignalWorkflowExecutionResponse>(Signal);
        rpc.Message<SignalWithStartWorkflowExecutionRequest, SignalWithStartWorkflowExecutionResponse>(SignalWithStart);
        rpc.Message<RequestCancelWorkflowExecutionRequest, RequestCancelWorkflowExecutionResponse>(Cancel);
        rpc.Message<TerminateWorkflowExecutionRequest, TerminateWorkflowExecutionResponse>(Terminate);
        rpc.Ask<ResetWorkflowExecutionRequest, ResetWorkflowExecutionResponse>((turn, r) => new() { RunId = Resets.Reset(turn, r) });
        rpc.Ask<DeleteWorkflowExecutionRequest, DeleteWorkflowExecutionResponse>(Delete);
    }

    private static StartWorkflowExecutionResponse Start(Turn turn, StartWorkflowExecutionRequest request)
    {
        var (run, isNew, same) = ClientStarts.Start(turn, request);
        if (isNew)
        {
            Starts.Begin(turn, run);
        }

        return new StartWorkflowExecutionResponse
        {
            RunId = run.State.RunId,
            Started = isNew || same,
            Status = run.State.Status,
            FirstExecutionRunId = run.State.FirstRunId,
        };
    }

    private static SignalWorkflowExecutionResponse Signal(Turn turn, SignalWorkflowExecutionRequest request)
    {
        turn.State.Namespace(request.Namespace);
        if (request.SignalName.Length == 0)
        {
            throw Errors.Invalid("SignalName is not set on request.");
        }

        Limits.Check(request.Input);
        var run = turn.State.Runs.GetOpen(request.Namespace, request.WorkflowExecution);
        Signals.Receive(turn, run, request.SignalName, request.Input, request.Identity, request.Header, request.RequestId, null);
        return new SignalWorkflowExecutionResponse();
    }

    private static SignalWithStartWorkflowExecutionResponse SignalWithStart(Turn turn, SignalWithStartWorkflowExecutionRequest request)
    {
        if (request.SignalName.Length == 0)
        {
            throw Errors.Invalid("SignalName is not set on request.");
        }

        Limits.Check(request.SignalInput);
        var (run, isNew, same) = ClientStarts.Start(turn, ClientStarts.Of(request));
        if (!same)
        {
            if (isNew)
            {
                // The signal stands before the first workflow task.
                var e = Histories.New(turn, EventType.WorkflowExecutionSignaled);
                e.WorkflowExecutionSignaledEventAttributes = new()
                {
                    SignalName = request.SignalName,
                    Input = request.SignalInput,
                    Identity = request.Identity,
                    Header = request.Header,
                    RequestId = request.RequestId,
                };
                Histories.Append(turn, run, e);
                Starts.Begin(turn, run);
            }
            else
            {
                Signals.Receive(turn, run, request.SignalName, request.SignalInput, request.Identity, request.Header, request.RequestId, null);
            }
        }

        return new SignalWithStartWorkflowExecutionResponse { RunId = run.State.RunId, Started = isNew || same, FirstExecutionRunId = run.State.FirstRunId };
    }

    private static RequestCancelWorkflowExecutionResponse Cancel(Turn turn, RequestCancelWorkflowExecutionRequest request)
    {
        turn.State.Namespace(request.Namespace);
        var run = Chain(turn, turn.State.Runs.Get(request.Namespace, request.WorkflowExecution), request.FirstExecutionRunId);
        if (run.State.IsOpen)
        {
            Cancels.Request(turn, run, request.Reason, request.Identity, request.RequestId, null, 0);
        }

        return new RequestCancelWorkflowExecutionResponse();
    }

    private static TerminateWorkflowExecutionResponse Terminate(Turn turn, TerminateWorkflowExecutionRequest request)
    {
        turn.State.Namespace(request.Namespace);
        var run = Chain(turn, turn.State.Runs.GetOpen(request.Namespace, request.WorkflowExecution), request.FirstExecutionRunId);
        string reason = request.Reason.Length > 0 ? request.Reason : "terminated by user via frontend";
        Closes.Terminate(turn, run, reason, request.Details, request.Identity);
        return new TerminateWorkflowExecutionResponse();
    }

    private static DeleteWorkflowExecutionResponse Delete(Turn turn, DeleteWorkflowExecutionRequest request)
    {
        turn.State.Namespace(request.Namespace);
        var run = turn.State.Runs.Get(request.Namespace, request.WorkflowExecution);
        if (run.State.IsOpen)
        {
            Closes.Terminate(turn, run, "Delete workflow execution", null, "history-service");
        }

        turn.Later(t => t.Forget(run));
        return new DeleteWorkflowExecutionResponse();
    }

    private static Run Chain(Turn turn, Run run, string firstRunId)
    {
        _ = turn;
        return firstRunId.Length == 0 || run.State.FirstRunId == firstRunId ? run : throw Errors.NotFound("workflow execution not found");
    }
}
