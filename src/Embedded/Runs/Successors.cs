namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Runs that follow on a run of the same workflow: retry, cron, continue-as-new.</summary>
internal static class Successors
{
    /// <summary>What follows when a run failed, timed out (<paramref name="failure"/>) or completed (<paramref name="result"/>); null when nothing does.</summary>
    public static Successor? Plan(Turn turn, Run run, Failure? failure, Payloads? result, out RetryState retryState)
    {
        var state = run.State;
        retryState = RetryState.RetryPolicyNotSet;
        if (failure is not null && state.Retry is { } policy)
        {
            var expires = state.ExecutionExpires;
            var wait = policy is { MaximumAttempts: 0 } && expires is null && !Retries.Retryable(failure, policy)
                ? Retries.Next(policy, state.Attempt, turn.Now, null, failure, out retryState)
                : Retries.Next(policy, state.Attempt, turn.Now, expires, failure, out retryState);
            if (wait is { } delay)
            {
                return Next(turn, run, ContinueAsNewInitiator.Retry, delay, state.Attempt + 1, failure, run.Started.LastCompletionResult);
            }
        }

        if (state.CronSchedule.Length == 0)
        {
            return null;
        }

        var at = Schedules.CronTimes.Next(state.CronSchedule, state.ExecutionTime, turn.Now);
        if (at is not { } due || state.ExecutionExpires is { } end && due > end)
        {
            return null;
        }

        return Next(turn, run, ContinueAsNewInitiator.CronSchedule, due - turn.Now, 1, failure, failure is null ? result : run.Started.LastCompletionResult);
    }

    public static void ContinueAsNew(Turn turn, Run run, long completedId, ContinueAsNewWorkflowExecutionCommandAttributes c)
    {
        var state = run.State;
        var a = Common(run, turn.Ids.NewRunId(state.WorkflowId));
        var next = new Successor(a.OriginalExecutionRunId, a, null);
        a.Initiator = ContinueAsNewInitiator.Workflow;
        a.WorkflowType = c.WorkflowType is { Name.Length: > 0 } ? c.WorkflowType : a.WorkflowType;
        a.TaskQueue = new TaskQueue { Name = c.TaskQueue is { Name.Length: > 0 } own ? own.Name : state.TaskQueue, Kind = TaskQueueKind.Normal };
        a.Input = c.Input;
        a.Header = c.Header;
        a.WorkflowRunTimeout = c.WorkflowRunTimeout.Span() > TimeSpan.Zero ? c.WorkflowRunTimeout : state.RunTimeout.Wire();
        a.WorkflowTaskTimeout = c.WorkflowTaskTimeout.Span() > TimeSpan.Zero ? c.WorkflowTaskTimeout : state.TaskTimeout.Wire();
        a.RetryPolicy = c.RetryPolicy ?? state.Retry;
        a.FirstWorkflowTaskBackoff = c.BackoffStartInterval;
        a.LastCompletionResult = c.LastCompletionResult;
        a.ContinuedFailure = c.Failure;
        a.Memo = c.Memo is { Fields.Count: > 0 } ? c.Memo : a.Memo;
        a.SearchAttributes = c.SearchAttributes is { IndexedFields.Count: > 0 } ? c.SearchAttributes : a.SearchAttributes;
        var e = Histories.New(turn, EventType.WorkflowExecutionContinuedAsNew);
        e.WorkflowExecutionContinuedAsNewEventAttributes = new()
        {
            NewExecutionRunId = next.RunId,
            WorkflowType = a.WorkflowType,
            TaskQueue = a.TaskQueue,
            Input = a.Input,
            WorkflowRunTimeout = a.WorkflowRunTimeout,
            WorkflowTaskTimeout = a.WorkflowTaskTimeout,
            WorkflowTaskCompletedEventId = completedId,
            BackoffStartInterval = c.BackoffStartInterval,
            Initiator = c.Initiator,
            InheritBuildId = c.InheritBuildId,
            Header = c.Header,
            Memo = a.Memo,
            SearchAttributes = a.SearchAttributes,
            LastCompletionResult = c.LastCompletionResult,
        };
        Closes.Close(turn, run, e, WorkflowExecutionStatus.ContinuedAsNew, next);
    }

    /// <summary>Starts what was planned, in the same step.</summary>
    public static void Start(Turn turn, Run before, Successor next)
    {
        var run = Starts.Create(turn, before.State.Namespace, next.RunId, next.Started, next.Metadata, before.State.Parent, "");
        Starts.Begin(turn, run);
    }

    private static Successor Next(
        Turn turn, Run run, ContinueAsNewInitiator why, TimeSpan wait, int attempt, Failure? failure, Payloads? lastResult)
    {
        var a = Common(run, turn.Ids.NewRunId(run.State.WorkflowId));
        a.Initiator = why;
        a.Input = run.Started.Input;
        a.Header = run.Started.Header;
        a.WorkflowRunTimeout = run.Started.WorkflowRunTimeout;
        a.WorkflowTaskTimeout = run.Started.WorkflowTaskTimeout;
        a.RetryPolicy = run.State.Retry;
        a.Attempt = attempt;
        a.FirstWorkflowTaskBackoff = wait.Wire();
        a.ContinuedFailure = failure;
        a.LastCompletionResult = lastResult;
        return new Successor(a.OriginalExecutionRunId, a, run.State.Metadata);
    }

    private static WorkflowExecutionStartedEventAttributes Common(Run run, string runId)
    {
        var state = run.State;
        var first = run.Started;
        return new WorkflowExecutionStartedEventAttributes
        {
            WorkflowId = state.WorkflowId,
            WorkflowType = new WorkflowType { Name = state.WorkflowType },
            TaskQueue = new TaskQueue { Name = state.TaskQueue },
            WorkflowExecutionTimeout = first.WorkflowExecutionTimeout,
            WorkflowExecutionExpirationTime = first.WorkflowExecutionExpirationTime,
            ContinuedExecutionRunId = state.RunId,
            FirstExecutionRunId = state.FirstRunId,
            OriginalExecutionRunId = runId,
            CronSchedule = state.CronSchedule,
            Memo = state.Memo.Fields.Count > 0 ? state.Memo.Clone() : null,
            SearchAttributes = state.SearchAttributes.IndexedFields.Count > 0 ? state.SearchAttributes.Clone() : null,
            ParentWorkflowNamespace = first.ParentWorkflowNamespace,
            ParentWorkflowNamespaceId = first.ParentWorkflowNamespaceId,
            ParentWorkflowExecution = first.ParentWorkflowExecution,
            ParentInitiatedEventId = first.ParentInitiatedEventId,
            RootWorkflowExecution = first.RootWorkflowExecution,
            Priority = state.Priority,
        };
    }
}
