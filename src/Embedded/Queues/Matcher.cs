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
            if (turn.State.Faults.IsSeeded && first.Value.Key.Type == TaskQueueType.Workflow)
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
            if (Holds(turn, queue.Key.Type, first.Value))
            {
                return first.Value;
            }

            queue.Tasks.RemoveFirst();
        }

        return null;
    }

    /// <summary>Whether a note on a queue still stands for a task.</summary>
    public static bool Holds(Turn turn, TaskQueueType type, QueuedTask task) =>
        task.Query is { } query ? !query.Done && !query.Sent
        : type == TaskQueueType.Activity ? Activities.Holds(task, turn.Now) : WorkflowTasks.Holds(task);

    /// <summary>Starts a task and hands it to the worker.</summary>
    public static void Deliver(Turn turn, TaskQueueState queue, QueuedTask task, Poller poller)
    {
        if (queue.Key.Type == TaskQueueType.Activity)
        {
            turn.Answer((Reply<PollActivityTaskQueueResponse>)poller.Reply, Activities.Start(turn, task.Run, task.EventId, poller.Identity));
            turn.State.Faults.OnActivity(task.Run, task.EventId);
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
        turn.Answer(reply, TaskDelivery.Response(turn, task.Run));
        turn.State.Faults.OnWorkflowTask(task.Run);
    }
}
