namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Signals, from clients and from other workflows.</summary>
internal static class Signals
{
    public static void Receive(
        Turn turn, Run run, string name, Payloads? input, string identity, Header? header, string requestId, WorkflowExecution? from)
    {
        if (requestId.Length > 0 && run.State.SignalRequests.Contains(requestId))
        {
            return;
        }

        Limits.Check(turn, run);
        if (run.State.SignalCount >= Limits.Signals)
        {
            throw Host.Errors.Invalid("exceeded workflow execution limit for signal events");
        }

        var e = Histories.New(turn, EventType.WorkflowExecutionSignaled);
        e.WorkflowExecutionSignaledEventAttributes = new()
        {
            SignalName = name,
            Input = input,
            Identity = identity,
            Header = header,
            ExternalWorkflowExecution = from,
            RequestId = requestId,
        };
        Histories.FromOutside(turn, run, e);
    }
}
