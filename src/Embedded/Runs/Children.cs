using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Child workflows: started for a parent, told of its end, and telling it of theirs.</summary>
internal static class Children
{
    public static void Initiate(Turn turn, Run run, long completedId, Command command)
    {
        var c = command.StartChildWorkflowExecutionCommandAttributes;
        var state = run.State;
        string ns = c.Namespace.Length > 0 ? c.Namespace : state.Namespace;
        var retry = c.RetryPolicy?.Clone();
        if (retry is not null)
        {
            Retries.Normalize(retry);
        }

        var e = Histories.New(turn, EventType.StartChildWorkflowExecutionInitiated);
        e.UserMetadata = command.UserMetadata;
        e.StartChildWorkflowExecutionInitiatedEventAttributes = new()
        {
            Namespace = ns,
            NamespaceId = turn.State.Namespaces.GetValueOrDefault(ns)?.Id ?? "",
            WorkflowId = c.WorkflowId,
            WorkflowType = c.WorkflowType,
            TaskQueue = new TaskQueue { Name = c.TaskQueue is { Name.Length: > 0 } own ? own.Name : state.TaskQueue, Kind = TaskQueueKind.Normal },
            Input = c.Input,
            WorkflowExecutionTimeout = c.WorkflowExecutionTimeout,
            WorkflowRunTimeout = c.WorkflowRunTimeout.Span().Wire(),
            WorkflowTaskTimeout = Starts.TaskTimeout(c.WorkflowTaskTimeout.Span(), c.WorkflowRunTimeout.Span()).Wire(),
            ParentClosePolicy = c.ParentClosePolicy == ParentClosePolicy.Unspecified ? ParentClosePolicy.Terminate : c.ParentClosePolicy,
            Control = c.Control,
            WorkflowTaskCompletedEventId = completedId,
            WorkflowIdReusePolicy = c.WorkflowIdReusePolicy == WorkflowIdReusePolicy.Unspecified ? WorkflowIdReusePolicy.AllowDuplicate : c.WorkflowIdReusePolicy,
            RetryPolicy = retry,
            InheritBuildId = c.InheritBuildId,
            CronSchedule = c.CronSchedule,
            Header = c.Header,
            Memo = c.Memo,
            SearchAttributes = c.SearchAttributes,
            Priority = c.Priority,
        };
        Histories.Append(turn, run, e);
        turn.Later(t => ChildStarts.Start(t, run, e));
    }

    public static void Apply(RunState state, HistoryEvent e)
    {
        switch (e.AttributesCase)
        {
            case HistoryEvent.AttributesOneofCase.StartChildWorkflowExecutionInitiatedEventAttributes:
                var a = e.StartChildWorkflowExecutionInitiatedEventAttributes;
                state.Children[e.EventId] = new ChildState
                {
                    InitiatedEventId = e.EventId,
                    Namespace = a.Namespace,
                    WorkflowId = a.WorkflowId,
                    WorkflowType = a.WorkflowType.Name,
                    ClosePolicy = a.ParentClosePolicy,
                };
                break;
            case HistoryEvent.AttributesOneofCase.StartChildWorkflowExecutionFailedEventAttributes:
                state.Children.Remove(e.StartChildWorkflowExecutionFailedEventAttributes.InitiatedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionStartedEventAttributes:
                if (state.Children.TryGetValue(e.ChildWorkflowExecutionStartedEventAttributes.InitiatedEventId, out var child))
                {
                    child.RunId = e.ChildWorkflowExecutionStartedEventAttributes.WorkflowExecution.RunId;
                    child.StartedEventId = e.EventId;
                }

                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionCompletedEventAttributes:
                state.Children.Remove(e.ChildWorkflowExecutionCompletedEventAttributes.InitiatedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionFailedEventAttributes:
                state.Children.Remove(e.ChildWorkflowExecutionFailedEventAttributes.InitiatedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionCanceledEventAttributes:
                state.Children.Remove(e.ChildWorkflowExecutionCanceledEventAttributes.InitiatedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionTimedOutEventAttributes:
                state.Children.Remove(e.ChildWorkflowExecutionTimedOutEventAttributes.InitiatedEventId);
                break;
            case HistoryEvent.AttributesOneofCase.ChildWorkflowExecutionTerminatedEventAttributes:
                state.Children.Remove(e.ChildWorkflowExecutionTerminatedEventAttributes.InitiatedEventId);
                break;
        }
    }

    /// <summary>The parent has ended: each child is treated as its policy says.</summary>
    public static void ParentEnded(Turn turn, Run parent)
    {
        if (parent.State.Status == WorkflowExecutionStatus.ContinuedAsNew && parent.State.Children.Count == 0)
        {
            return;
        }

        foreach (var child in parent.State.Children.Values.ToArray())
        {
            turn.Later(t =>
            {
                var run = child.RunId.Length == 0 ? null : t.State.Runs.Find(child.Namespace, child.WorkflowId, "");
                if (run is null || !run.State.IsOpen || run.State.FirstRunId != child.RunId)
                {
                    return;
                }

                if (child.ClosePolicy == ParentClosePolicy.Terminate)
                {
                    Closes.Terminate(t, run, "by parent close policy", null, "history-service");
                }
                else if (child.ClosePolicy == ParentClosePolicy.RequestCancel)
                {
                    Cancels.Request(t, run, "", "history-service", "", parent.State.Execution, 0);
                }
            });
        }
    }

    /// <summary>The last run of a child has ended: its parent hears of it, if it still waits.</summary>
    public static void Ended(Turn turn, Run child, HistoryEvent end)
    {
        var link = child.State.Parent;
        var parent = link is null ? null : turn.State.Runs.Find(link.Namespace, link.WorkflowId, link.RunId);
        while (parent?.State is { IsOpen: false, ResetTo: { } later })
        {
            parent = turn.State.Runs.ByRunId(later);
        }

        if (parent is not { State.IsOpen: true } || !parent.State.Children.TryGetValue(link!.InitiatedEventId, out var known)
            || known.RunId != child.State.FirstRunId)
        {
            return;
        }

        Histories.FromOutside(turn, parent, ChildEnds.Event(turn, parent, child, known, end));
    }
}
