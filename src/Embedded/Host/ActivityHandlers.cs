namespace VirtEngine.DR.Embedded.Host;

/// <summary>Answers about activities, by the task's token and by the activity's id.</summary>
internal static class ActivityHandlers
{
    public static void Register(Rpc rpc)
    {
        Answer<RespondActivityTaskCompletedRequest, RespondActivityTaskCompletedResponse>(rpc, r => r.TaskToken, (turn, r, run, activity) =>
        {
            activity.BuildId = r.WorkerVersion?.BuildId ?? "";
            ActivityAnswers.Complete(turn, run, activity, r.Result, r.Identity);
        });
        rpc.Ask<RespondActivityTaskCompletedByIdRequest, RespondActivityTaskCompletedByIdResponse>((turn, r) =>
        {
            var (run, activity) = ActivityAnswers.FindById(turn, r.Namespace, r.WorkflowId, r.RunId, r.ActivityId);
            ActivityAnswers.Complete(turn, run, activity, r.Result, r.Identity);
            return new();
        });
        Answer<RespondActivityTaskFailedRequest, RespondActivityTaskFailedResponse>(rpc, r => r.TaskToken, (turn, r, run, activity) =>
        {
            activity.BuildId = r.WorkerVersion?.BuildId ?? "";
            Fail(turn, run, activity, r.Failure, r.LastHeartbeatDetails, r.Identity);
        });
        rpc.Ask<RespondActivityTaskFailedByIdRequest, RespondActivityTaskFailedByIdResponse>((turn, r) =>
        {
            var (run, activity) = ActivityAnswers.FindById(turn, r.Namespace, r.WorkflowId, r.RunId, r.ActivityId);
            Fail(turn, run, activity, r.Failure, r.LastHeartbeatDetails, r.Identity);
            return new();
        });
        Answer<RespondActivityTaskCanceledRequest, RespondActivityTaskCanceledResponse>(rpc, r => r.TaskToken, (turn, r, run, activity) =>
        {
            activity.BuildId = "";
            ActivityAnswers.Cancel(turn, run, activity, r.Details, r.Identity);
        });
        rpc.Ask<RespondActivityTaskCanceledByIdRequest, RespondActivityTaskCanceledByIdResponse>((turn, r) =>
        {
            var (run, activity) = ActivityAnswers.FindById(turn, r.Namespace, r.WorkflowId, r.RunId, r.ActivityId);
            ActivityAnswers.Cancel(turn, run, activity, r.Details, r.Identity);
            return new();
        });
        rpc.Ask<RecordActivityTaskHeartbeatRequest, RecordActivityTaskHeartbeatResponse>((turn, r) =>
        {
            var (run, activity) = turn.State.Faults.Known(r.TaskToken, () => ActivityAnswers.Find(turn, r.TaskToken));
            return new() { CancelRequested = ActivityAnswers.Heartbeat(turn, run, activity, r.Details, r.Identity) };
        });
        rpc.Ask<RecordActivityTaskHeartbeatByIdRequest, RecordActivityTaskHeartbeatByIdResponse>((turn, r) =>
        {
            var (run, activity) = ActivityAnswers.FindById(turn, r.Namespace, r.WorkflowId, r.RunId, r.ActivityId);
            return new() { CancelRequested = ActivityAnswers.Heartbeat(turn, run, activity, r.Details, r.Identity) };
        });
    }

    /// <summary>An answer by the task's token; under a seed it waits for its turn.</summary>
    private static void Answer<TRequest, TResponse>(Rpc rpc, Func<TRequest, ByteString> token, Action<Turn, TRequest, Run, ActivityState> apply)
        where TRequest : class, IMessage
        where TResponse : class, IMessage, new() =>
        rpc.Add<TRequest, TResponse>((request, _) => rpc.Loop.AskAsync<TResponse>((turn, reply) => turn.State.Faults.OnActivityAnswer(
            turn, token(request),
            t => Guarded.Run(t, reply, (now, to) =>
            {
                var (run, activity) = ActivityAnswers.Find(now, token(request));
                apply(now, request, run, activity);
                now.Answer(to, new TResponse());
            }),
            (t, failure) => Guarded.Run(t, reply, (now, to) =>
            {
                var (run, activity) = ActivityAnswers.Find(now, token(request));
                ActivityAnswers.Fail(now, run, activity, failure, activity.Identity);
                now.Answer(to, new TResponse());
            }))));

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
