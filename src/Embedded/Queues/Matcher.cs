namespace VirtEngine.DR.Embedded.Queues;

/// <summary>Brings waiting tasks and waiting workers together.</summary>
internal static class Matcher
{
    /// <summary>Gives out everything that can be given out.</summary>
    public static void Match(Turn turn)
    {
        var ready = turn.State.Queues.Ready;
        while (ready.First is { } first)
        {
            ready.RemoveFirst();
            if (turn.State.Faults.IsSeeded)
            {
                continue;
            }

            while (Next(turn, first.Value) is { } task && first.Value.TakePoller() is { } poller)
            {
                first.Value.Tasks.Remove(task);
                Deliver(turn, first.Value, task, poller);
                turn.Settle();
            }
        }

        if (turn.State.Faults.IsSeeded)
        {
            SeededMatcher.Match(turn);
        }
    }

    /// <summary>The first task that still holds; notes that no longer do are dropped.</summary>
    private static QueuedTask? Next(Turn turn, TaskQueueState queue)
    {
        while (queue.Tasks.First is { } first)
        {
            if (Holds(turn.Now, queue.Key.Type, first.Value))
            {
                return first.Value;
            }

            queue.Tasks.RemoveFirst();
        }

        return null;
    }

    /// <summary>Whether a note on a queue still stands for a task.</summary>
    public static bool Holds(DateTime now, TaskQueueType type, QueuedTask task) =>
        task.Query is { } query ? !query.Done && !query.Sent
        : type == TaskQueueType.Activity ? Activities.Holds(task, now) : WorkflowTasks.Holds(task);

    /// <summary>Starts a task and hands it to the worker.</summary>
    public static void Deliver(Turn turn, TaskQueueState queue, QueuedTask task, Poller poller)
    {
        if (queue.Key.Type == TaskQueueType.Activity)
        {
            DeliverActivity(turn, queue, task, poller);
            return;
        }

        var reply = (Reply<PollWorkflowTaskQueueResponse>)poller.Reply;
        if (task.Query is { } query)
        {
            query.Sent = true;
            turn.Answer(reply, TaskDelivery.QueryResponse(task.Run, query, sticky: task.Queue != task.Run.State.TaskQueue));
            return;
        }

        WorkflowTasks.Start(turn, task.Run, poller.Identity, poller.BuildId);
        task.Run.TaskHandedOut = DateTime.UtcNow;
        var answer = TaskDelivery.Response(turn, task.Run);
        turn.Answer(reply, answer);
        if (turn.State.Faults.IsSeeded)
        {
            DeliverCopy(turn, task.Run, answer, poller);
        }
    }

    private static void DeliverActivity(Turn turn, TaskQueueState queue, QueuedTask task, Poller poller)
    {
        var answer = Activities.Start(turn, task.Run, task.EventId, poller.Identity);
        var reply = (Reply<PollActivityTaskQueueResponse>)poller.Reply;
        if (!turn.State.Faults.IsSeeded)
        {
            turn.Answer(reply, answer);
            return;
        }

        var activity = task.Run.State.Activities[task.EventId];
        var fate = turn.State.Faults.OnActivity(turn, task.Run, activity, answer.TaskToken);
        if (fate is ActivityFate.NeverBegins or ActivityFate.Fails)
        {
            queue.Pollers.AddFirst(poller);
            if (fate == ActivityFate.Fails)
            {
                turn.Later(t => ActivityAnswers.Fail(t, task.Run, activity, Faults.Lost, poller.Identity));
            }

            return;
        }

        turn.Answer(reply, answer);
        if (fate == ActivityFate.Twice)
        {
            turn.State.Queues.Copy = new(queue.Key, answer);
        }
    }

    /// <summary>By plan another worker gets the same workflow task, with the whole history.</summary>
    private static void DeliverCopy(Turn turn, Run run, PollWorkflowTaskQueueResponse answer, Poller first)
    {
        var normal = turn.State.Queues.Get(new QueueKey(run.State.Namespace, run.State.TaskQueue, TaskQueueType.Workflow));
        var other = normal.Pollers.FirstOrDefault(p => p.Waits && p.WorkerInstance != first.WorkerInstance);
        if (turn.State.Faults.OnWorkflowTask(turn, run, answer.TaskToken, other is not null) is { } token)
        {
            normal.Pollers.Remove(other!);
            var copy = TaskDelivery.Response(turn, run, whole: true);
            copy.TaskToken = ByteString.CopyFromUtf8(token);
            turn.Answer((Reply<PollWorkflowTaskQueueResponse>)other!.Reply, copy);
        }
    }
}
