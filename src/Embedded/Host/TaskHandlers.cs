namespace VirtEngine.DR.Embedded.Host;

/// <summary>Workers: they ask for workflow tasks and answer them.</summary>
internal static class TaskHandlers
{
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(60);

    public static void Register(Rpc rpc)
    {
        rpc.Add<PollWorkflowTaskQueueRequest, PollWorkflowTaskQueueResponse>(async (request, call) =>
        {
            var answer = await LongPoll.AskAsync<PollWorkflowTaskQueueResponse>(
                rpc.Loop, call, LongestPoll,
                (turn, reply) => Poll(
                    turn, request.Namespace, request.TaskQueue, TaskQueueType.Workflow,
                    new Poller(request.Identity, WorkerBuilds.Of(request), request.WorkerInstanceKey, reply, call.CancellationToken)),
                (turn, reply) => turn.Answer(reply, new PollWorkflowTaskQueueResponse())).ConfigureAwait(false);
            if (call.CancellationToken.IsCancellationRequested && answer.TaskToken.Length > 0)
            {
                rpc.Loop.Post(turn => Undelivered.WorkflowTask(turn, answer.TaskToken));
            }

            return answer;
        });
        rpc.Add<PollActivityTaskQueueRequest, PollActivityTaskQueueResponse>(async (request, call) =>
        {
            var answer = await LongPoll.AskAsync<PollActivityTaskQueueResponse>(
                rpc.Loop, call, LongestPoll,
                (turn, reply) => Poll(
                    turn, request.Namespace, request.TaskQueue, TaskQueueType.Activity, new Poller(request.Identity, "", request.WorkerInstanceKey, reply, call.CancellationToken)),
                (turn, reply) => turn.Answer(reply, new PollActivityTaskQueueResponse())).ConfigureAwait(false);
            if (call.CancellationToken.IsCancellationRequested && answer.TaskToken.Length > 0)
            {
                rpc.Loop.Post(turn => Undelivered.ActivityTask(turn, answer.TaskToken));
            }

            return answer;
        });

        // No endpoints, no Nexus tasks: a worker that asks waits in vain and asks again.
        rpc.Add<PollNexusTaskQueueRequest, PollNexusTaskQueueResponse>((request, call) =>
            LongPoll.AskAsync<PollNexusTaskQueueResponse>(
                rpc.Loop, call, LongestPoll,
                (turn, reply) => turn.State.Namespace(request.Namespace),
                (turn, reply) => turn.Answer(reply, new PollNexusTaskQueueResponse())));
        rpc.Add<RespondWorkflowTaskCompletedRequest, RespondWorkflowTaskCompletedResponse>((request, _) =>
            rpc.Loop.AskAsync<RespondWorkflowTaskCompletedResponse>((turn, reply) =>
            {
                turn.State.Faults.OnWorkflowAnswer(turn, request.TaskToken);
                turn.Answer(reply, TaskCompletion.Complete(turn, request));
            }));
        rpc.Ask<RespondWorkflowTaskFailedRequest, RespondWorkflowTaskFailedResponse>(Fail);
        rpc.Ask<ResetStickyTaskQueueRequest, ResetStickyTaskQueueResponse>((turn, request) =>
        {
            var run = turn.State.Runs.Get(request.Namespace, request.Execution);
            run.State.Sticky = null;
            turn.Touch(run);
            return new ResetStickyTaskQueueResponse();
        });
        rpc.Ask<ShutdownWorkerRequest, ShutdownWorkerResponse>(Shutdown);
        rpc.Ask<RecordWorkerHeartbeatRequest, RecordWorkerHeartbeatResponse>((_, _) => new RecordWorkerHeartbeatResponse());
    }

    private static void Poll(Turn turn, string ns, TaskQueue? queue, TaskQueueType type, Poller poller)
    {
        turn.State.Namespace(ns);
        if ((queue?.Name.Length ?? 0) == 0)
        {
            throw Errors.Invalid("TaskQueue is not set on request.");
        }

        turn.State.Queues.Add(new QueueKey(ns, queue!.Name, type), poller, DateTime.UtcNow);
    }

    private static RespondWorkflowTaskFailedResponse Fail(Turn turn, RespondWorkflowTaskFailedRequest request)
    {
        turn.State.Faults.OnWorkflowAnswer(turn, request.TaskToken);
        var run = TaskCompletion.Find(turn, request.TaskToken);
        WorkflowTasks.Fail(turn, run, request.Cause, request.Failure, request.Identity);
        return new RespondWorkflowTaskFailedResponse();
    }

    /// <summary>A worker goes: its polls end empty, and what lies on its sticky queue goes back to everybody.</summary>
    private static ShutdownWorkerResponse Shutdown(Turn turn, ShutdownWorkerRequest request)
    {
        turn.State.Namespace(request.Namespace);
        foreach (var queue in turn.State.Queues.All)
        {
            foreach (var poller in queue.Pollers.Where(p => p.Waits && request.WorkerInstanceKey.Length > 0 && p.WorkerInstance == request.WorkerInstanceKey).ToArray())
            {
                if (poller.Reply is Reply<PollWorkflowTaskQueueResponse> workflow)
                {
                    turn.Answer(workflow, new PollWorkflowTaskQueueResponse());
                }
                else if (poller.Reply is Reply<PollActivityTaskQueueResponse> activity)
                {
                    turn.Answer(activity, new PollActivityTaskQueueResponse());
                }
            }
        }

        if (request.StickyTaskQueue.Length > 0)
        {
            StickyQueues.Lose(turn, request.Namespace, request.StickyTaskQueue);
        }

        return new ShutdownWorkerResponse();
    }
}
