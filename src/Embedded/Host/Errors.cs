using Temporalio.Api.ErrorDetails.V1;

namespace VirtEngine.DR.Embedded.Host;

/// <summary>Temporal's typed errors: a status, and its details in the trailer that clients look into.</summary>
internal static class Errors
{
    private const string Trailer = "grpc-status-details-bin";

    public static RpcException NotFound(string message) => Make(StatusCode.NotFound, message, new NotFoundFailure());

    public static RpcException Invalid(string message) => Make(StatusCode.InvalidArgument, message, null);

    public static RpcException FailedPrecondition(string message, IMessage? detail = null) => Make(StatusCode.FailedPrecondition, message, detail);

    public static RpcException NamespaceNotFound(string name) =>
        Make(StatusCode.NotFound, $"Namespace {name} is not found.", new NamespaceNotFoundFailure { Namespace = name });

    public static RpcException AlreadyStarted(string message, string requestId, string runId, string firstRunId) => Make(
        StatusCode.AlreadyExists, message, new WorkflowExecutionAlreadyStartedFailure { StartRequestId = requestId, RunId = runId, FirstExecutionRunId = firstRunId });

    public static RpcException QueryFailed(string message, Failure? failure) =>
        Make(StatusCode.InvalidArgument, message, new QueryFailedFailure { Failure = failure });

    public static RpcException Exhausted(string message, ResourceExhaustedCause cause) =>
        Make(StatusCode.ResourceExhausted, message, new ResourceExhaustedFailure { Cause = cause, Scope = ResourceExhaustedScope.Namespace });

    public static RpcException NotReady(string message) => Make(StatusCode.FailedPrecondition, message, new WorkflowNotReadyFailure());

    public static RpcException Make(StatusCode code, string message, IMessage? detail)
    {
        var trailers = new Metadata();
        if (detail is not null)
        {
            var status = new GrpcStatus { Code = (int)code, Message = message };
            status.Details.Add(Any.Pack(detail));
            trailers.Add(Trailer, status.ToByteArray());
        }

        return new RpcException(new Grpc.Core.Status(code, message), trailers);
    }
}
