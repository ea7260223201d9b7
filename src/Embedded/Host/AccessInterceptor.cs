using Grpc.Core.Interceptors;

namespace VirtEngine.DR.Embedded.Host;

/// <summary>Lets nobody in without the key.</summary>
internal sealed class AccessInterceptor(string key) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        AccessKey.Shows(context.RequestHeaders, key) ? continuation(request, context)
        : throw new RpcException(new Status(StatusCode.Unauthenticated, "the engine's key is missing or wrong: send metadata authorization: Bearer KEY (the key lies beside the engine's file)"));
}
