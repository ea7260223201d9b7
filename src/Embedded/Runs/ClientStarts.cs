using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Starts that clients ask for, with what happens when the id is taken.</summary>
internal static class ClientStarts
{
    private const int LongestId = 1000;

    /// <summary>Starts a run or finds the one that stands for the request; the first workflow task is not scheduled yet for a new one.</summary>
    public static (Run Run, bool IsNew, bool SameRequest) Start(Turn turn, StartWorkflowExecutionRequest request)
    {
        var ns = turn.State.Namespace(request.Namespace);
        Check(request);
        StartChecks.Check(request);
        Visibility.SearchChecks.Check(ns, request.SearchAttributes);
        var current = turn.State.Runs.Find(ns.Name, request.WorkflowId, "");
        if (current is not null)
        {
            if (request.RequestId.Length > 0 && current.State.StartRequests.Contains(request.RequestId))
            {
                return (current, false, true);
            }

            if (current.State.IsOpen)
            {
                if (request.WorkflowIdConflictPolicy == WorkflowIdConflictPolicy.UseExisting)
                {
                    return (current, false, false);
                }

                if (request.WorkflowIdConflictPolicy != WorkflowIdConflictPolicy.TerminateExisting
                    && request.WorkflowIdReusePolicy != WorkflowIdReusePolicy.TerminateIfRunning)
                {
                    throw Taken(current, $"Workflow execution is already running. WorkflowId: {request.WorkflowId}, RunId: {current.State.RunId}.");
                }

                Closes.Terminate(turn, current, "TerminateIfRunning WorkflowIdReusePolicy", null, "history-service");
            }
            else if (!WorkflowIds.MayReuse(current.State.Status, request.WorkflowIdReusePolicy))
            {
                throw Taken(current, request.WorkflowIdReusePolicy == WorkflowIdReusePolicy.RejectDuplicate
                    ? $"Workflow execution already finished. WorkflowId: {request.WorkflowId}, RunId: {current.State.RunId}. Workflow Id reuse policy: reject duplicate workflow Id."
                    : $"Workflow execution already finished successfully. WorkflowId: {request.WorkflowId}, RunId: {current.State.RunId}. Workflow Id reuse policy: allow duplicate workflow Id if last run failed.");
            }
        }

        return (Create(turn, request), true, false);
    }

    public static StartWorkflowExecutionRequest Of(SignalWithStartWorkflowExecutionRequest r) => new()
    {
        Namespace = r.Namespace,
        WorkflowId = r.WorkflowId,
        WorkflowType = r.WorkflowType,
        TaskQueue = r.TaskQueue,
        Input = r.Input,
        WorkflowExecutionTimeout = r.WorkflowExecutionTimeout,
        WorkflowRunTimeout = r.WorkflowRunTimeout,
        WorkflowTaskTimeout = r.WorkflowTaskTimeout,
        Identity = r.Identity,
        RequestId = r.RequestId,
        WorkflowIdReusePolicy = r.WorkflowIdReusePolicy,
        WorkflowIdConflictPolicy = r.WorkflowIdConflictPolicy is WorkflowIdConflictPolicy.Unspecified or WorkflowIdConflictPolicy.Fail
            ? WorkflowIdConflictPolicy.UseExisting : r.WorkflowIdConflictPolicy,
        RetryPolicy = r.RetryPolicy,
        CronSchedule = r.CronSchedule,
        Memo = r.Memo,
        SearchAttributes = r.SearchAttributes,
        Header = r.Header,
        WorkflowStartDelay = r.WorkflowStartDelay,
        UserMetadata = r.UserMetadata,
        Priority = r.Priority,
    };

    private static Run Create(Turn turn, StartWorkflowExecutionRequest request)
    {
        string runId = turn.Ids.NewRunId(request.WorkflowId);
        var started = new WorkflowExecutionStartedEventAttributes
        {
            WorkflowId = request.WorkflowId,
            WorkflowType = request.WorkflowType,
            TaskQueue = request.TaskQueue,
            Input = request.Input,
            WorkflowExecutionTimeout = request.WorkflowExecutionTimeout,
            WorkflowRunTimeout = request.WorkflowRunTimeout,
            WorkflowTaskTimeout = request.WorkflowTaskTimeout,
            Identity = request.Identity,
            FirstExecutionRunId = runId,
            OriginalExecutionRunId = runId,
            RetryPolicy = request.RetryPolicy?.Clone(),
            CronSchedule = request.CronSchedule,
            Memo = request.Memo,
            SearchAttributes = request.SearchAttributes,
            Header = request.Header,
            ContinuedFailure = request.ContinuedFailure,
            LastCompletionResult = request.LastCompletionResult,
            Priority = request.Priority,
        };
        if (request.CronSchedule.Length > 0)
        {
            started.Initiator = ContinueAsNewInitiator.CronSchedule;
            var due = Schedules.CronTimes.Next(request.CronSchedule, turn.Now, turn.Now);
            started.FirstWorkflowTaskBackoff = ((due ?? turn.Now) - turn.Now).Wire();
        }
        else if (request.WorkflowStartDelay.Span() > TimeSpan.Zero)
        {
            started.FirstWorkflowTaskBackoff = request.WorkflowStartDelay;
        }

        return Starts.Create(turn, request.Namespace, runId, started, request.UserMetadata, null, request.RequestId);
    }

    private static RpcException Taken(Run run, string message) =>
        Errors.AlreadyStarted(message, run.State.StartRequests.FirstOrDefault() ?? "", run.State.RunId, run.State.FirstRunId);

    private static void Check(StartWorkflowExecutionRequest request)
    {
        if (request.WorkflowId.Length == 0)
        {
            throw Errors.Invalid("WorkflowId is not set on request.");
        }

        Limits.Check(request.Input);
        Limits.Check(request.Memo);
        if (request.WorkflowId.Length > LongestId)
        {
            throw Errors.Invalid("WorkflowId length exceeds limit.");
        }

        if ((request.WorkflowType?.Name.Length ?? 0) == 0)
        {
            throw Errors.Invalid("WorkflowType is not set on request.");
        }

        if ((request.TaskQueue?.Name.Length ?? 0) == 0)
        {
            throw Errors.Invalid("TaskQueue is not set on request.");
        }

        if (request.WorkflowStartDelay is not null && request.CronSchedule.Length > 0)
        {
            throw Errors.Invalid("CronSchedule and WorkflowStartDelay may not be used together.");
        }

        if (request.CronSchedule.Length > 0)
        {
            Schedules.CronTimes.Check(request.CronSchedule);
        }
    }
}
