namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Requests to cancel a workflow.</summary>
internal static class Cancels
{
    /// <summary>Asks; asking twice is one request.</summary>
    public static void Request(Turn turn, Run run, string cause, string identity, string requestId, WorkflowExecution? from, long initiatedEventId)
    {
        var state = run.State;
        if (state.CancelRequested)
        {
            return;
        }

        if (requestId.Length > 0)
        {
            state.CancelRequests.Add(requestId);
        }

        var e = Histories.New(turn, EventType.WorkflowExecutionCancelRequested);
        e.WorkflowExecutionCancelRequestedEventAttributes = new()
        {
            Cause = cause,
            Identity = identity,
            ExternalWorkflowExecution = from,
            ExternalInitiatedEventId = initiatedEventId,
        };
        Histories.FromOutside(turn, run, e);
    }
}
