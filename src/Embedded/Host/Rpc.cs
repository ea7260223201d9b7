namespace VirtEngine.DR.Embedded.Host;

/// <summary>Registers methods that are one step of the loop.</summary>
internal sealed class Rpc(RpcTable table, EngineLoop loop)
{
    private const string Workflow = "/temporal.api.workflowservice.v1.WorkflowService/";
    private const string Operator = "/temporal.api.operatorservice.v1.OperatorService/";

    public EngineLoop Loop => loop;

    /// <summary>A method that is answered at once.</summary>
    public void Ask<TRequest, TResponse>(Func<Turn, TRequest, TResponse> answer, bool isOperator = false)
        where TRequest : class, IMessage
        where TResponse : class, IMessage =>
        table.Add<TRequest, TResponse>(Name<TRequest>(isOperator), (request, _) =>
            loop.AskAsync<TResponse>((turn, reply) => turn.Answer(reply, answer(turn, request))));

    /// <summary>A method that decides its own way to the answer.</summary>
    public void Add<TRequest, TResponse>(Func<TRequest, ServerCallContext, Task<TResponse>> answer, bool isOperator = false)
        where TRequest : class, IMessage
        where TResponse : class, IMessage => table.Add(Name<TRequest>(isOperator), answer);

    private static string Name<TRequest>(bool isOperator) =>
        (isOperator ? Operator : Workflow) + typeof(TRequest).Name[..^"Request".Length];
}
