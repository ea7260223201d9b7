namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Signals and cancel requests that a workflow sends to another.</summary>
internal static class Externals
{
    public static void Signal(Turn turn, Run run, long completedId, SignalExternalWorkflowExecutionCommandAttributes c)
    {
        var ns = Target(turn, run, c.Namespace, out string id);
        var e = Histories.New(turn, EventType.SignalExternalWorkflowExecutionInitiated);
        e.SignalExternalWorkflowExecutionInitiatedEventAttributes = new()
        {
            WorkflowTaskCompletedEventId = completedId,
            Namespace = ns,
            NamespaceId = id,
            WorkflowExecution = c.Execution,
            SignalName = c.SignalName,
            Input = c.Input,
            Control = c.Control,
            ChildWorkflowOnly = c.ChildWorkflowOnly,
            Header = c.Header,
        };
        Histories.Append(turn, run, e);
        turn.Later(t => DeliverSignal(t, run, e));
    }

    public static void Cancel(Turn turn, Run run, long completedId, RequestCancelExternalWorkflowExecutionCommandAttributes c)
    {
        var ns = Target(turn, run, c.Namespace, out string id);
        var e = Histories.New(turn, EventType.RequestCancelExternalWorkflowExecutionInitiated);
        e.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes = new()
        {
            WorkflowTaskCompletedEventId = completedId,
            Namespace = ns,
            NamespaceId = id,
            WorkflowExecution = new WorkflowExecution { WorkflowId = c.WorkflowId, RunId = c.RunId },
            Control = c.Control,
            ChildWorkflowOnly = c.ChildWorkflowOnly,
            Reason = c.Reason,
        };
        Histories.Append(turn, run, e);
        turn.Later(t => DeliverCancel(t, run, e));
    }

    public static void Apply(RunState state, HistoryEvent e)
    {
        switch (e.AttributesCase)
        {
            case HistoryEvent.AttributesOneofCase.SignalExternalWorkflowExecutionInitiatedEventAttributes:
            case HistoryEvent.AttributesOneofCase.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes:
                state.Externals.Add(e.EventId);
                break;
            case HistoryEvent.AttributesOneofCase.ExternalWorkflowExecutionSignaledEventAttributes:
                state.Externals.Remove(e.ExternalWorkflowExecutionSignaledEventAttributes.InitiatedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.SignalExternalWorkflowExecutionFailedEventAttributes:
                state.Externals.Remove(e.SignalExternalWorkflowExecutionFailedEventAttributes.InitiatedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ExternalWorkflowExecutionCancelRequestedEventAttributes:
                state.Externals.Remove(e.ExternalWorkflowExecutionCancelRequestedEventAttributes.InitiatedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.RequestCancelExternalWorkflowExecutionFailedEventAttributes:
                state.Externals.Remove(e.RequestCancelExternalWorkflowExecutionFailedEventAttributes.InitiatedEventId);
                break;
        }
    }

    /// <summary>Sends again what a run had asked for before the point of its reset, and has no answer to.</summary>
    public static void SendAgain(Turn turn, Run run)
    {
        foreach (var e in run.State.Externals.Select(id => run.History[(int)id - 1]).ToArray())
        {
            turn.Later(t =>
            {
                if (e.SignalExternalWorkflowExecutionInitiatedEventAttributes is not null)
                {
                    DeliverSignal(t, run, e);
                }
                else
                {
                    DeliverCancel(t, run, e);
                }
            });
        }
    }

    private static void DeliverSignal(Turn turn, Run run, HistoryEvent initiated)
    {
        var a = initiated.SignalExternalWorkflowExecutionInitiatedEventAttributes;
        var target = Find(turn, run, a.Namespace, a.WorkflowExecution, a.ChildWorkflowOnly);
        if (target is not null)
        {
            // The initiating event is the request: delivered once, whatever happens.
            Signals.Receive(
                turn, target, a.SignalName, a.Input, "history-service", a.Header, run.State.RunId + "/" + initiated.EventId, run.State.Execution);
        }

        if (!run.State.IsOpen)
        {
            return;
        }

        HistoryEvent e;
        if (target is not null)
        {
            e = Histories.New(turn, EventType.ExternalWorkflowExecutionSignaled);
            e.ExternalWorkflowExecutionSignaledEventAttributes = new()
            {
                InitiatedEventId = initiated.EventId,
                Namespace = a.Namespace,
                NamespaceId = a.NamespaceId,
                WorkflowExecution = a.WorkflowExecution,
                Control = a.Control,
            };
        }
        else
        {
            e = Histories.New(turn, EventType.SignalExternalWorkflowExecutionFailed);
            e.SignalExternalWorkflowExecutionFailedEventAttributes = new()
            {
                Cause = turn.State.Namespaces.ContainsKey(a.Namespace)
                    ? SignalExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound : SignalExternalWorkflowExecutionFailedCause.NamespaceNotFound,
                Namespace = a.Namespace,
                NamespaceId = a.NamespaceId,
                WorkflowExecution = a.WorkflowExecution,
                InitiatedEventId = initiated.EventId,
                Control = a.Control,
            };
        }

        Histories.FromOutside(turn, run, e);
    }

    private static void DeliverCancel(Turn turn, Run run, HistoryEvent initiated)
    {
        var a = initiated.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes;
        var target = Find(turn, run, a.Namespace, a.WorkflowExecution, a.ChildWorkflowOnly);
        if (target is not null)
        {
            Cancels.Request(turn, target, a.Reason, "history-service", "", run.State.Execution, initiated.EventId);
        }

        if (!run.State.IsOpen)
        {
            return;
        }

        HistoryEvent e;
        if (target is not null)
        {
            e = Histories.New(turn, EventType.ExternalWorkflowExecutionCancelRequested);
            e.ExternalWorkflowExecutionCancelRequestedEventAttributes = new()
            {
                InitiatedEventId = initiated.EventId,
                Namespace = a.Namespace,
                NamespaceId = a.NamespaceId,
                WorkflowExecution = a.WorkflowExecution,
            };
        }
        else
        {
            e = Histories.New(turn, EventType.RequestCancelExternalWorkflowExecutionFailed);
            e.RequestCancelExternalWorkflowExecutionFailedEventAttributes = new()
            {
                Cause = turn.State.Namespaces.ContainsKey(a.Namespace)
                    ? CancelExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound : CancelExternalWorkflowExecutionFailedCause.NamespaceNotFound,
                Namespace = a.Namespace,
                NamespaceId = a.NamespaceId,
                WorkflowExecution = a.WorkflowExecution,
                InitiatedEventId = initiated.EventId,
                Control = a.Control,
            };
        }

        Histories.FromOutside(turn, run, e);
    }

    private static Run? Find(Turn turn, Run from, string ns, WorkflowExecution execution, bool childOnly)
    {
        if (turn.State.Runs.Find(ns, execution.WorkflowId, execution.RunId) is not { State.IsOpen: true } run)
        {
            return null;
        }

        return childOnly && run.State.Parent?.RunId != from.State.RunId ? null : run;
    }

    private static string Target(Turn turn, Run run, string asked, out string id)
    {
        string ns = asked.Length > 0 ? asked : run.State.Namespace;
        id = turn.State.Namespaces.GetValueOrDefault(ns)?.Id ?? "";
        return ns;
    }
}
