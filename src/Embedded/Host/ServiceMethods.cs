using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace VirtEngine.DR.Embedded.Host;

/// <summary>
/// Registers every unary method of Temporal's services from their descriptors, so that a method without a handler
/// still has a name and answers with a reason.
/// </summary>
internal sealed class ServiceMethods(RpcTable table) : IServiceMethodProvider<ApiEndpoint>
{
    private static readonly FileDescriptor[] Files =
    [
        Temporalio.Api.WorkflowService.V1.ServiceReflection.Descriptor,
        Temporalio.Api.OperatorService.V1.ServiceReflection.Descriptor,
    ];

    /// <inheritdoc/>
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<ApiEndpoint> context)
    {
        foreach (var method in Files.SelectMany(f => f.Services).SelectMany(s => s.Methods).Where(m => !m.IsClientStreaming && !m.IsServerStreaming))
        {
            var rpc = new Method<IMessage, IMessage>(
                MethodType.Unary, method.Service.FullName, method.Name, Marshaller(method.InputType), Marshaller(method.OutputType));
            var handler = table.Find(rpc.FullName) ?? Unsupported.Handler(method);
            context.AddUnaryMethod(rpc, [], async (_, request, call) => await handler(request, call).ConfigureAwait(false));
        }

        var health = new Method<byte[], byte[]>(
            MethodType.Unary, "grpc.health.v1.Health", "Check", Marshallers.Create(b => b, b => b), Marshallers.Create(b => b, b => b));

        // HealthCheckResponse { status = SERVING }: field 1, value 1.
        context.AddUnaryMethod(health, [], (_, _, _) => Task.FromResult<byte[]>([0x08, 0x01]));
    }

    private static Marshaller<IMessage> Marshaller(MessageDescriptor type) =>
        new((message, context) =>
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        }, context => type.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));
}
