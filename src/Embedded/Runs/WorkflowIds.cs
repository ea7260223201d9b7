namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Whether a workflow id that a closed run had may be used again.</summary>
internal static class WorkflowIds
{
    public static bool MayReuse(WorkflowExecutionStatus last, WorkflowIdReusePolicy policy) => policy switch
    {
        WorkflowIdReusePolicy.RejectDuplicate => false,
        WorkflowIdReusePolicy.AllowDuplicateFailedOnly => last is not WorkflowExecutionStatus.Completed,
        _ => true,
    };
}
