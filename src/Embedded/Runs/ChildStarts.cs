namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Starts a child that a parent has asked for, and tells the parent.</summary>
internal static class ChildStarts
{
    public static void Start(Turn turn, Run parent, HistoryEvent initiated)
    {
        if (!parent.State.Children.TryGetValue(initiated.EventId, out var child) || child.RunId.Length > 0)
        {
            return;
        }

        var a = initiated.StartChildWorkflowExecutionInitiatedEventAttributes;
        if (!turn.State.Namespaces.ContainsKey(a.Namespace))
        {
            Fail(turn, parent, initiated, StartChildWorkflowExecutionFailedCause.NamespaceNotFound);
            return;
        }

        var current = turn.State.Runs.Find(a.Namespace, a.WorkflowId, "");
        if (current is not null && a.WorkflowIdReusePolicy == WorkflowIdReusePolicy.TerminateIfRunning && current.State.IsOpen)
        {
            Closes.Terminate(turn, current, "TerminateIfRunning WorkflowIdReusePolicy", null, "history-service");
            current = null;
        }

        if (current is not null && (current.State.IsOpen || !WorkflowIds.MayReuse(current.State.Status, a.WorkflowIdReusePolicy)))
        {
            Fail(turn, parent, initiated, StartChildWorkflowExecutionFailedCause.WorkflowAlreadyExists);
            return;
        }

        var run = Create(turn, parent, initiated.EventId, a, initiated.UserMetadata);
        if (parent.State.IsOpen)
        {
            var e = Histories.New(turn, EventType.ChildWorkflowExecutionStarted);
            e.ChildWorkflowExecutionStartedEventAttributes = new()
            {
                Namespace = a.Namespace,
                NamespaceId = a.NamespaceId,
                InitiatedEventId = initiated.EventId,
                WorkflowExecution = run.State.Execution,
                WorkflowType = a.WorkflowType,
                Header = a.Header,
            };
            Histories.FromOutside(turn, parent, e);
        }

        Starts.Begin(turn, run);
    }

    private static Run Create(
        Turn turn, Run parent, long initiatedId, StartChildWorkflowExecutionInitiatedEventAttributes a, Temporalio.Api.Sdk.V1.UserMetadata? metadata)
    {
        string runId = turn.Ids.NewRunId(a.WorkflowId);
        var link = new ParentLink(parent.State.Namespace, parent.State.WorkflowId, parent.State.RunId, initiatedId);
        var started = new WorkflowExecutionStartedEventAttributes
        {
            WorkflowId = a.WorkflowId,
            WorkflowType = a.WorkflowType,
            TaskQueue = a.TaskQueue,
            Input = a.Input,
            WorkflowExecutionTimeout = a.WorkflowExecutionTimeout,
            WorkflowRunTimeout = a.WorkflowRunTimeout,
            WorkflowTaskTimeout = a.WorkflowTaskTimeout,
            ParentWorkflowNamespace = parent.State.Namespace,
            ParentWorkflowNamespaceId = turn.State.Namespace(parent.State.Namespace).Id,
            ParentWorkflowExecution = parent.State.Execution,
            ParentInitiatedEventId = initiatedId,
            RootWorkflowExecution = parent.State.Root ?? parent.State.Execution,
            FirstExecutionRunId = runId,
            OriginalExecutionRunId = runId,
            RetryPolicy = a.RetryPolicy?.Clone(),
            CronSchedule = a.CronSchedule,
            Header = a.Header,
            Memo = a.Memo,
            SearchAttributes = a.SearchAttributes,
            Priority = a.Priority,
        };
        if (a.CronSchedule.Length > 0 && Schedules.CronTimes.Next(a.CronSchedule, turn.Now, turn.Now) is { } due)
        {
            started.Initiator = ContinueAsNewInitiator.CronSchedule;
            started.FirstWorkflowTaskBackoff = (due - turn.Now).Wire();
        }

        return Starts.Create(turn, a.Namespace, runId, started, metadata, link, "");
    }

    private static void Fail(Turn turn, Run parent, HistoryEvent initiated, StartChildWorkflowExecutionFailedCause cause)
    {
        if (!parent.State.IsOpen)
        {
            return;
        }

        var a = initiated.StartChildWorkflowExecutionInitiatedEventAttributes;
        var e = Histories.New(turn, EventType.StartChildWorkflowExecutionFailed);
        e.StartChildWorkflowExecutionFailedEventAttributes = new()
        {
            Namespace = a.Namespace,
            NamespaceId = a.NamespaceId,
            WorkflowId = a.WorkflowId,
            WorkflowType = a.WorkflowType,
            Cause = cause,
            Control = a.Control,
            InitiatedEventId = initiated.EventId,
        };
        Histories.FromOutside(turn, parent, e);
    }
}
