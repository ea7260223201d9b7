using Temporalio.Api.Workflow.V1;

namespace VirtEngine.DR.Embedded.Host;

/// <summary>Describe: a run with what is pending, and a queue with its workers.</summary>
internal static class DescribeHandlers
{
    public static void Register(Rpc rpc)
    {
        rpc.Ask<DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse>(Describe);
        rpc.Ask<DescribeTaskQueueRequest, DescribeTaskQueueResponse>(Queue);
    }

    private static DescribeWorkflowExecutionResponse Describe(Turn turn, DescribeWorkflowExecutionRequest request)
    {
        var ns = turn.State.Namespace(request.Namespace);
        var run = turn.State.Runs.Get(request.Namespace, request.Execution);
        var state = run.State;
        var answer = new DescribeWorkflowExecutionResponse
        {
            ExecutionConfig = new WorkflowExecutionConfig
            {
                TaskQueue = new TaskQueue { Name = state.TaskQueue, Kind = TaskQueueKind.Normal },
                WorkflowExecutionTimeout = run.Started.WorkflowExecutionTimeout,
                WorkflowRunTimeout = run.Started.WorkflowRunTimeout,
                DefaultWorkflowTaskTimeout = state.TaskTimeout.Wire(),
                UserMetadata = state.Metadata,
            },
            WorkflowExecutionInfo = Info(state, ns.Id),
            WorkflowExtendedInfo = new WorkflowExecutionExtendedInfo
            {
                ExecutionExpirationTime = state.ExecutionExpires.Wire(),
                RunExpirationTime = state.RunExpires.Wire(),
                CancelRequested = state.CancelRequested,
                LastResetTime = state.ResetTime.Wire(),
                OriginalStartTime = run.History[0].EventTime,
                ResetRunId = state.ResetTo ?? "",
            },
        };
        if (state.IsOpen)
        {
            answer.PendingActivities.Add(state.Activities.Values.Select(a => Activity(run, a)));
            answer.PendingChildren.Add(state.Children.Values.Select(c => new PendingChildExecutionInfo
            {
                WorkflowId = c.WorkflowId,
                RunId = c.RunId,
                WorkflowTypeName = c.WorkflowType,
                InitiatedId = c.InitiatedEventId,
                ParentClosePolicy = c.ClosePolicy,
            }));
        }

        if (state.Task is { } task)
        {
            answer.PendingWorkflowTask = new PendingWorkflowTaskInfo
            {
                State = task.IsStarted ? PendingWorkflowTaskState.Started : PendingWorkflowTaskState.Scheduled,
                ScheduledTime = task.ScheduledTime.Wire(),
                OriginalScheduledTime = task.OriginalScheduledTime.Wire(),
                StartedTime = task.IsStarted ? task.StartedTime.Wire() : null,
                Attempt = task.Attempt,
            };
        }

        return answer;
    }

    private static WorkflowExecutionInfo Info(RunState state, string namespaceId) => new()
    {
        Execution = state.Execution,
        Type = new WorkflowType { Name = state.WorkflowType },
        StartTime = state.StartTime.Wire(),
        CloseTime = state.CloseTime.Wire(),
        ExecutionTime = state.ExecutionTime.Wire(),
        ExecutionDuration = state.CloseTime is { } closed ? (closed - state.ExecutionTime).Wire() : null,
        Status = state.Status,
        HistoryLength = state.NextEventId - 1,
        HistorySizeBytes = state.HistoryBytes,
        ParentNamespaceId = state.Parent is null ? "" : namespaceId,
        ParentExecution = state.Parent is { } parent ? new WorkflowExecution { WorkflowId = parent.WorkflowId, RunId = parent.RunId } : null,
        RootExecution = state.Root ?? state.Execution,
        Memo = state.Memo,
        SearchAttributes = state.SearchAttributes,
        AutoResetPoints = new ResetPoints(),
        TaskQueue = state.TaskQueue,
        StateTransitionCount = state.Transitions,
        FirstRunId = state.FirstRunId,
        Priority = state.Priority,
    };

    private static PendingActivityInfo Activity(Run run, ActivityState a)
    {
        bool waits = a.Started is null && a.Attempt > 1;
        return new PendingActivityInfo
        {
            ActivityId = a.ActivityId,
            ActivityType = run.History[(int)a.ScheduledEventId - 1].ActivityTaskScheduledEventAttributes.ActivityType,
            State = a.CancelRequested ? PendingActivityState.CancelRequested : a.Started is null ? PendingActivityState.Scheduled : PendingActivityState.Started,
            HeartbeatDetails = a.HeartbeatDetails,
            LastHeartbeatTime = a.LastHeartbeat.Wire(),
            LastStartedTime = a.Started.Wire(),
            Attempt = a.Attempt,
            MaximumAttempts = a.Retry.MaximumAttempts,
            ScheduledTime = a.Scheduled.Wire(),
            ExpirationTime = a.FirstScheduled.After(a.ScheduleToClose).Wire(),
            LastFailure = a.LastFailure,
            LastWorkerIdentity = a.Identity,
            CurrentRetryInterval = waits ? a.RetryInterval?.Wire() : null,
            LastAttemptCompleteTime = a.LastAttemptEnded.Wire(),
            NextAttemptScheduleTime = waits ? a.Scheduled.Wire() : null,
            Priority = new Priority(),
        };
    }

    private static DescribeTaskQueueResponse Queue(Turn turn, DescribeTaskQueueRequest request)
    {
        turn.State.Namespace(request.Namespace);
        var type = request.TaskQueueType == TaskQueueType.Activity ? TaskQueueType.Activity : TaskQueueType.Workflow;
        var answer = new DescribeTaskQueueResponse { Stats = new TaskQueueStats() };
        if (turn.State.Queues.Find(new QueueKey(request.Namespace, request.TaskQueue?.Name ?? "", type)) is { } queue)
        {
            answer.Pollers.Add(queue.Seen.Where(s => DateTime.UtcNow - s.Value < TimeSpan.FromMinutes(5)).Select(s => new PollerInfo
            {
                Identity = s.Key,
                LastAccessTime = s.Value.Wire(),
                RatePerSecond = 100_000,
            }));
            answer.Stats.ApproximateBacklogCount = queue.Tasks.Count;
        }

        return answer;
    }
}
