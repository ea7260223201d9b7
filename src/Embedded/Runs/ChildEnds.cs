namespace VirtEngine.DR.Embedded.Runs;

/// <summary>The event by which a parent hears how its child ended.</summary>
internal static class ChildEnds
{
    public static HistoryEvent Event(Turn turn, Run parent, Run child, ChildState known, HistoryEvent end)
    {
        var ns = turn.State.Namespace(child.State.Namespace);
        var type = new WorkflowType { Name = child.State.WorkflowType };
        long initiated = known.InitiatedEventId;
        long started = known.StartedEventId;
        var execution = child.State.Execution;
        switch (end.EventType)
        {
            case EventType.WorkflowExecutionCompleted:
                var completed = Histories.New(turn, EventType.ChildWorkflowExecutionCompleted);
                completed.ChildWorkflowExecutionCompletedEventAttributes = new()
                {
                    Result = end.WorkflowExecutionCompletedEventAttributes.Result,
                    Namespace = ns.Name,
                    NamespaceId = ns.Id,
                    WorkflowExecution = execution,
                    WorkflowType = type,
                    InitiatedEventId = initiated,
                    StartedEventId = started,
                };
                return completed;
            case EventType.WorkflowExecutionFailed:
                var failed = Histories.New(turn, EventType.ChildWorkflowExecutionFailed);
                failed.ChildWorkflowExecutionFailedEventAttributes = new()
                {
                    Failure = end.WorkflowExecutionFailedEventAttributes.Failure,
                    RetryState = end.WorkflowExecutionFailedEventAttributes.RetryState,
                    Namespace = ns.Name,
                    NamespaceId = ns.Id,
                    WorkflowExecution = execution,
                    WorkflowType = type,
                    InitiatedEventId = initiated,
                    StartedEventId = started,
                };
                return failed;
            case EventType.WorkflowExecutionCanceled:
                var canceled = Histories.New(turn, EventType.ChildWorkflowExecutionCanceled);
                canceled.ChildWorkflowExecutionCanceledEventAttributes = new()
                {
                    Details = end.WorkflowExecutionCanceledEventAttributes.Details,
                    Namespace = ns.Name,
                    NamespaceId = ns.Id,
                    WorkflowExecution = execution,
                    WorkflowType = type,
                    InitiatedEventId = initiated,
                    StartedEventId = started,
                };
                return canceled;
            case EventType.WorkflowExecutionTimedOut:
                var timedOut = Histories.New(turn, EventType.ChildWorkflowExecutionTimedOut);
                timedOut.ChildWorkflowExecutionTimedOutEventAttributes = new()
                {
                    RetryState = end.WorkflowExecutionTimedOutEventAttributes.RetryState,
                    Namespace = ns.Name,
                    NamespaceId = ns.Id,
                    WorkflowExecution = execution,
                    WorkflowType = type,
                    InitiatedEventId = initiated,
                    StartedEventId = started,
                };
                return timedOut;
            default:
                var terminated = Histories.New(turn, EventType.ChildWorkflowExecutionTerminated);
                terminated.ChildWorkflowExecutionTerminatedEventAttributes = new()
                {
                    Namespace = ns.Name,
                    NamespaceId = ns.Id,
                    WorkflowExecution = execution,
                    WorkflowType = type,
                    InitiatedEventId = initiated,
                    StartedEventId = started,
                };
                return terminated;
        }
    }
}
