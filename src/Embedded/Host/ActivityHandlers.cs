namespace VirtEngine.DR.Embedded.Host;

/// <summary>Answers about activities, by the task's token and by the activity's id.</summary>
internal static class ActivityHandlers
{
    public static void Register(Rpc rpc)
    {
        rpc.Ask<RespondActivityTaskCompletedRequest, RespondActivityTaskCompletedResponse>((turn, r) =>
        {
            var (run, activity) = ActivityAnswers.Find(turn, r.TaskToken);
            activity.BuildId = r.WorkerVersion?.BuildId ?? "";
            ActivityAnswers.Complete(turn, run, activity, r.Result, r.Identity);
            return new();
        });
        rpc.Ask<RespondActivityTaskCompletedByIdRequest, RespondActivityTaskCompletedByIdResponse>((turn, r) =>
        {
            var (run, activity) = ActivityAnswers.FindById(turn, r.Namespace, r.WorkflowId, r.RunId, r.ActivityId);
            ActivityAnswers.Complete(turn, run, activity, r.Result, r.Identity);
            return new();
        });
        rpc.Ask<RespondActivityTaskFailedRequest, RespondActivityTaskFailedResponse>((turn, r) =>
        {
            var (run, activity) = ActivityAnswers.Find(turn, r.TaskToken);
            activity.BuildId = r.WorkerVersion?.BuildId ?? "";
            Fail(turn, run, activity, r.Failure, r.LastHeartbeatDetails, r.Identity);
            return new();
        });
        rpc.Ask<RespondActivityTaskFailedByIdRequest, RespondActivityTaskFailedByIdResponse>((turn, r) =>
        {
            var (run, activity) = ActivityAnswers.FindById(turn, r.Namespace, r.WorkflowId, r.RunId, r.ActivityId);
            Fail(turn, run, activity, r.Failure, r.LastHeartbeatDetails, r.Identity);
            return new();
        });
        rpc.Ask<RespondActivityTaskCanceledRequest, RespondActivityTaskCanceledResponse>((turn, r) =>
        {
            var (run, activity) = ActivityAnswers.Find(turn, r.TaskToken);
            activity.BuildId = "";
            ActivityAnswers.Cancel(turn, run, activity, r.Details, r.Identity);
            return new();
        });
        rpc.Ask<RespondActivityTaskCanceledByIdRequest, RespondActivityTaskCanceledByIdResponse>((turn, r) =>
        {
            var (run, activity) = ActivityAnswers.FindById(turn, r.Namespace, r.WorkflowId, r.RunId, r.ActivityId);
            ActivityAnswers.Cancel(turn, run, activity, r.Details, r.Identity);
            return new();
        });
        rpc.Ask<RecordActivityTaskHeartbeatRequest, RecordActivityTaskHeartbeatResponse>((turn, r) =>
        {
            var (run, activity) = ActivityAnswers.Find(turn, r.TaskToken);
            return new() { CancelRequested = ActivityAnswers.Heartbeat(turn, run, activity, r.Details, r.Identity) };
        });
        rpc.Ask<RecordActivityTaskHeartbeatByIdRequest, RecordActivityTaskHeartbeatByIdResponse>((turn, r) =>
        {
            var (run, activity) = ActivityAnswers.FindById(turn, r.Namespace, r.WorkflowId, r.RunId, r.ActivityId);
            return new() { CancelRequested = ActivityAnswers.Heartbeat(turn, run, activity, r.Details, r.Identity) };
        });
    }

    private static void Fail(Turn turn, Run run, ActivityState activity, Failure? failure, Payloads? heartbeat, string identity)
    {
        if (Limits.Exceeds(heartbeat))
        {
            failure = Limits.Failure("Heartbeat details exceed size limit.");
        }
        else if (heartbeat is { Payloads_.Count: > 0 })
        {
            activity.HeartbeatDetails = heartbeat;
        }

        ActivityAnswers.Fail(turn, run, activity, failure ?? new Failure { Message = "unknown", ApplicationFailureInfo = new() }, identity);
    }
}
