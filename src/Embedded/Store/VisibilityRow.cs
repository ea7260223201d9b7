namespace VirtEngine.DR.Embedded.Store;

/// <summary>What the lists know of a run.</summary>
internal sealed record VisibilityRow(
    string RunId, string Namespace, string WorkflowId, string WorkflowType, int Status, long Started, long Execution, long? Closed, string TaskQueue,
    long HistoryLength, long HistoryBytes, long Transitions, string? ParentWorkflowId, string? ParentRunId, string? RootWorkflowId, string? RootRunId,
    byte[] Memo, byte[] SearchAttributes, string Values)
{
    public static VisibilityRow Of(RunState s) => new(
        s.RunId, s.Namespace, s.WorkflowId, s.WorkflowType, (int)s.Status, s.StartTime.Ticks, s.ExecutionTime.Ticks, s.CloseTime?.Ticks, s.TaskQueue,
        s.NextEventId - 1, s.HistoryBytes, s.Transitions, s.Parent?.WorkflowId, s.Parent?.RunId, s.Root?.WorkflowId, s.Root?.RunId,
        s.Memo.ToByteArray(), s.SearchAttributes.ToByteArray(), Visibility.SearchValues.ToJson(s.SearchAttributes));
}
