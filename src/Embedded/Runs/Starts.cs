namespace VirtEngine.DR.Embedded.Runs;

/// <summary>How a run begins, whoever begins it.</summary>
internal static class Starts
{
    public static readonly TimeSpan DefaultTaskTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestTaskTimeout = TimeSpan.FromSeconds(120);

    /// <summary>Makes the run with its Started event. The first workflow task is <see cref="Begin"/>.</summary>
    public static Run Create(
        Turn turn, string ns, string runId, WorkflowExecutionStartedEventAttributes started, Temporalio.Api.Sdk.V1.UserMetadata? metadata, ParentLink? parent,
        string requestId)
    {
        var state = new RunState { Namespace = ns, WorkflowId = started.WorkflowId, RunId = runId, Number = turn.State.Runs.NextNumber++, Parent = parent };
        if (requestId.Length > 0)
        {
            state.StartRequests.Add(requestId);
        }

        var run = new Run(state, []);
        var e = Histories.New(turn, EventType.WorkflowExecutionStarted);
        e.WorkflowExecutionStartedEventAttributes = started;
        e.UserMetadata = metadata;
        Normalize(started, turn.Now);
        Histories.Append(turn, run, e);
        turn.State.Runs.Add(run);
        run.Listed = true;
        return run;
    }

    /// <summary>Schedules the first workflow task, unless it has to wait for its time.</summary>
    public static void Begin(Turn turn, Run run) => WorkflowTasks.Schedule(turn, run);

    /// <summary>The timeout of a run's workflow tasks: as asked or the default, at most the longest and at most the run's own.</summary>
    public static TimeSpan TaskTimeout(TimeSpan asked, TimeSpan run)
    {
        var task = asked == TimeSpan.Zero ? DefaultTaskTimeout : asked > LongestTaskTimeout ? LongestTaskTimeout : asked;
        return run > TimeSpan.Zero && task > run ? run : task;
    }

    public static void Apply(RunState state, HistoryEvent e)
    {
        var a = e.WorkflowExecutionStartedEventAttributes;
        var now = e.EventTime.ToDateTime();
        state.WorkflowType = a.WorkflowType.Name;
        state.TaskQueue = a.TaskQueue.Name;
        state.FirstRunId = a.FirstExecutionRunId;
        state.ExecutionTimeout = a.WorkflowExecutionTimeout.Span();
        state.RunTimeout = a.WorkflowRunTimeout.Span();
        state.TaskTimeout = a.WorkflowTaskTimeout.Span();
        state.ExecutionExpires = a.WorkflowExecutionExpirationTime?.ToDateTime();
        state.StartTime = now;
        var backoff = a.FirstWorkflowTaskBackoff.Span();
        state.ExecutionTime = now + backoff;
        state.BackoffUntil = backoff > TimeSpan.Zero ? now + backoff : null;
        state.RunExpires = Times.Earlier(state.ExecutionTime.After(state.RunTimeout), state.ExecutionExpires);
        state.Attempt = a.Attempt;
        state.CronSchedule = a.CronSchedule;
        state.Retry = a.RetryPolicy;
        state.Memo = a.Memo?.Clone() ?? new Memo();
        state.SearchAttributes = a.SearchAttributes?.Clone() ?? new SearchAttributes();
        state.Root = a.RootWorkflowExecution;
        state.Metadata = e.UserMetadata;
        state.Priority = a.Priority;
    }

    private static void Normalize(WorkflowExecutionStartedEventAttributes a, DateTime now)
    {
        var execution = a.WorkflowExecutionTimeout.Span();
        var run = a.WorkflowRunTimeout.Span();
        if (execution > TimeSpan.Zero && (run == TimeSpan.Zero || run > execution))
        {
            run = execution;
        }

        // What the client left open stays open in the event; a bound that follows from another is written down.
        if (a.WorkflowRunTimeout is not null || run > TimeSpan.Zero)
        {
            a.WorkflowRunTimeout = run.Wire();
        }

        a.WorkflowTaskTimeout = TaskTimeout(a.WorkflowTaskTimeout.Span(), run).Wire();
        a.FirstWorkflowTaskBackoff ??= TimeSpan.Zero.Wire();
        a.TaskQueue = new TaskQueue { Name = a.TaskQueue.Name, Kind = TaskQueueKind.Normal };
        a.WorkflowExecutionExpirationTime ??= (now + a.FirstWorkflowTaskBackoff.Span()).After(execution).Wire();
        if (a.Attempt == 0)
        {
            a.Attempt = 1;
        }

        if (a.RetryPolicy is { } retry)
        {
            Retries.Normalize(retry);
        }
    }
}
