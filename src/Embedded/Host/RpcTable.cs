using Google.Protobuf;
using Grpc.Core;

namespace VirtEngine.DR.Embedded.Host;

/// <summary>What answers a method: the request and the call's own data in, the answer out.</summary>
internal delegate Task<IMessage> RpcHandler(IMessage request, ServerCallContext call);

/// <summary>The methods that this engine knows, by their full gRPC name ("/service/Method").</summary>
internal sealed class RpcTable
{
    private readonly Dictionary<string, RpcHandler> _handlers = new(StringComparer.Ordinal);

    /// <summary>Registers a method; each has one handler.</summary>
    public void Add<TRequest, TResponse>(string method, Func<TRequest, ServerCallContext, Task<TResponse>> handler)
        where TRequest : class, IMessage
        where TResponse : class, IMessage =>
        _handlers.Add(method, async (request, call) => await handler((TRequest)request, call).ConfigureAwait(false));

    /// <summary>The handler of a method; null when the engine has none.</summary>
    public RpcHandler? Find(string method) => _handlers.GetValueOrDefault(method);
}
