using Temporalio.Exceptions;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>An error as a client sees it, as one line: its kind and what a program may decide by; servers' own wording is left out.</summary>
public static class ErrorText
{
    /// <summary>The line.</summary>
    public static string Of(Exception error)
    {
        string own = error switch
        {
            WorkflowAlreadyStartedException => "WorkflowAlreadyStarted",
            WorkflowQueryRejectedException e => $"QueryRejected {e.WorkflowStatus}",
            WorkflowQueryFailedException e => $"QueryFailed '{e.Message}'",
            WorkflowUpdateRpcTimeoutOrCanceledException => "update timed out or cancelled",
            RpcTimeoutOrCanceledException => "timed out or cancelled",
            RpcException e => $"Rpc {e.Code} {Details(e)}",
            ApplicationFailureException e => $"Application {e.ErrorType} '{e.Message}' non-retryable={e.NonRetryable} details={e.Details.Count}",
            ActivityFailureException e => $"Activity {e.ActivityType} {e.RetryState}",
            ChildWorkflowFailureException e => $"Child {e.WorkflowType} {e.RetryState}",
            TimeoutFailureException e => $"Timeout {e.TimeoutType} details={e.LastHeartbeatDetails?.Count ?? 0}",
            CanceledFailureException e => $"Canceled details={e.Details.Count}",
            TerminatedFailureException => "Terminated",
            ServerFailureException e => $"Server non-retryable={e.NonRetryable}",
            WorkflowFailedException => "WorkflowFailed",
            WorkflowUpdateFailedException => "UpdateFailed",
            _ => $"{error.GetType().Name} '{error.Message}'",
        };
        return error.InnerException is { } inner and not RpcException ? $"{own.TrimEnd()} < {Of(inner)}" : own.TrimEnd();
    }

    private static string Details(RpcException error) =>
        string.Join(",", error.GrpcStatus.Value?.Details.Select(d => d.TypeUrl.Split('/', '.')[^1]) ?? []);
}
