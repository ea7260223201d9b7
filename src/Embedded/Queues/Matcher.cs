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
            while (Next(turn, first.Value) is { } task && first.Value.TakePoller() is { } poller)
            {
                first.Value.Tasks.Remove(task);
                Deliver(turn, first.Value, task, poller);
                turn.Settle();
            }
        }
    }

    /// <summary>The first task that still holds; notes that no longer do are dropped.</summary>
    private static QueuedTask? Next(Turn turn, TaskQueueState queue)
    {
        while (queue.Tasks.First is { } first)
        {
            if (Holds(turn, queue, first.Value))
            {
                return first.Value;
            }

            queue.Tasks.RemoveFirst();
        }

        return null;
    }

    private static bool Holds(Turn turn, TaskQueueState queue, QueuedTask task) =>
        task.Query is { } query ? !query.Done && !query.Sent
        : queue.Key.Type == TaskQueueType.Activity ? Activities.Holds(task, turn.Now) : WorkflowTasks.Holds(task);

    private static void Deliver(Turn turn, TaskQueueState queue, QueuedTask task, Poller poller)
    {
        if (queue.Key.Type == TaskQueueType.Activity)
        {
            turn.Answer((Reply<PollActivityTaskQueueResponse>)poller.Reply, Activities.Start(turn, task.Run, task.EventId, poller.Identity));
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
        turn.Answer(reply, TaskDelivery.Response(turn, task.Run));
    }
}
