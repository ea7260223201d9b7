namespace VirtEngine.DR.Embedded.Runs;

/// <summary>The workflow's own last words: completed, failed, canceled.</summary>
internal static class Endings
{
    public static void Complete(Turn turn, Run run, long completedId, CompleteWorkflowExecutionCommandAttributes c)
    {
        var next = Successors.Plan(turn, run, null, c.Result, out _);
        var e = Histories.New(turn, EventType.WorkflowExecutionCompleted);
        e.WorkflowExecutionCompletedEventAttributes = new()
        {
            Result = c.Result,
            WorkflowTaskCompletedEventId = completedId,
            NewExecutionRunId = next?.RunId ?? "",
        };
        Closes.Close(turn, run, e, WorkflowExecutionStatus.Completed, next);
    }

    public static void Fail(Turn turn, Run run, long completedId, FailWorkflowExecutionCommandAttributes c)
    {
        var next = Successors.Plan(turn, run, c.Failure, null, out var retryState);
        var e = Histories.New(turn, EventType.WorkflowExecutionFailed);
        e.WorkflowExecutionFailedEventAttributes = new()
        {
            Failure = c.Failure,
            RetryState = retryState,
            WorkflowTaskCompletedEventId = completedId,
            NewExecutionRunId = next?.RunId ?? "",
        };
        Closes.Close(turn, run, e, WorkflowExecutionStatus.Failed, next);
    }

    public static void Cancel(Turn turn, Run run, long completedId, CancelWorkflowExecutionCommandAttributes c)
    {
        var e = Histories.New(turn, EventType.WorkflowExecutionCanceled);
        e.WorkflowExecutionCanceledEventAttributes = new() { Details = c.Details, WorkflowTaskCompletedEventId = completedId };
        Closes.Close(turn, run, e, WorkflowExecutionStatus.Canceled);
    }
}
