using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>What a start may not ask for, besides what is missing.</summary>
internal static class StartChecks
{
    public static void Check(StartWorkflowExecutionRequest request)
    {
        foreach (var (name, timeout) in new[]
        {
            (nameof(request.WorkflowExecutionTimeout), request.WorkflowExecutionTimeout), (nameof(request.WorkflowRunTimeout), request.WorkflowRunTimeout),
            (nameof(request.WorkflowTaskTimeout), request.WorkflowTaskTimeout), (nameof(request.WorkflowStartDelay), request.WorkflowStartDelay),
        })
        {
            if (timeout.Span() < TimeSpan.Zero)
            {
                throw Errors.Invalid($"An invalid {name} is set on request: it is {timeout.Span()}, and may not be negative.");
            }
        }

        if (request.WorkflowIdReusePolicy == WorkflowIdReusePolicy.TerminateIfRunning && request.WorkflowIdConflictPolicy != WorkflowIdConflictPolicy.Unspecified)
        {
            throw Errors.Invalid("Invalid WorkflowIDReusePolicy: TerminateIfRunning cannot be used together with a WorkflowIDConflictPolicy.");
        }
    }
}
