namespace VirtEngine.DR.Embedded.Runs;

/// <summary>A client that waits until an update has reached a stage.</summary>
internal sealed class UpdateWaiter(string updateId, UpdateWorkflowExecutionLifecycleStage stage, Reply reply, Action<Turn, UpdateWorkflowExecutionLifecycleStage, Outcome?> answer)
{
    public string UpdateId { get; } = updateId;
    public UpdateWorkflowExecutionLifecycleStage Stage { get; } = stage;
    public Reply Reply { get; } = reply;
    public Action<Turn, UpdateWorkflowExecutionLifecycleStage, Outcome?> Answer { get; } = answer;
}
