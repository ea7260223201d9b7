namespace VirtEngine.DR.Embedded.Host;

/// <summary>Registers methods that are one step of the loop.</summary>
internal sealed class Rpc(RpcTable table, LoopSlot slot)
{
    private const string Workflow = "/temporal.api.workflowservice.v1.WorkflowService/";
    private const string Operator = "/temporal.api.operatorservice.v1.OperatorService/";

    /// <summary>The loop that works now.</summary>
    public EngineLoop Loop => slot.Current;

    /// <summary>A method that is answered at once.</summary>
    public void Ask<TRequest, TResponse>(Func<Turn, TRequest, TResponse> answer, bool isOperator = false)
        where TRequest : class, IMessage
        where TResponse : class, IMessage =>
        table.Add<TRequest, TResponse>(Name<TRequest>(isOperator), (request, _) =>
            Loop.AskAsync<TResponse>((turn, reply) => turn.Answer(reply, answer(turn, request))));

    /// <summary>A client's message that changes a run: by plan it comes late, or twice.</summary>
    public void Message<TRequest, TResponse>(Func<Turn, TRequest, TResponse> answer)
        where TRequest : class, IMessage
        where TResponse : class, IMessage =>
        table.Add<TRequest, TResponse>(Name<TRequest>(false), (request, _) => Loop.AskAsync<TResponse>((turn, reply) =>
            turn.State.Faults.OnMessage(turn, (t, again) =>
                Guarded.Run(t, again ? new Reply<TResponse>() : reply, (now, to) => now.Answer(to, answer(now, request))))));

    /// <summary>A method that decides its own way to the answer.</summary>
    public void Add<TRequest, TResponse>(Func<TRequest, ServerCallContext, Task<TResponse>> answer, bool isOperator = false)
        where TRequest : class, IMessage
        where TResponse : class, IMessage => table.Add(Name<TRequest>(isOperator), answer);

    private static string Name<TRequest>(bool isOperator) =>
        (isOperator ? Operator : Workflow) + typeof(TRequest).Name[..^"Request".Length];
}
