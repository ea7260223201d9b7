namespace VirtEngine.DR.Embedded.Queues;

/// <summary>
/// Gives out one task at a time, in an order that the seed chooses among all that wait: which worker happens to ask first has no say. Workflow tasks go before
/// activities, so that an activity which looks at a run sees it settled; queries go before both. A choice stands until a worker for it has come.
/// </summary>
internal static class SeededMatcher
{
    public static void Match(Turn turn)
    {
        if (turn.State.Held())
        {
            return;
        }

        foreach (var queue in turn.State.Queues.All)
        {
            Clear(queue, turn.Now);
        }

        while (NextQuery(turn) is { } query && Give(turn, TaskQueueType.Workflow, query))
        {
            turn.Settle();
        }

        var faults = turn.State.Faults;
        if (faults.Ledger.AnyWorkflowTask() || faults.Ledger.AnyActivity() || Pending(turn, TaskQueueType.Workflow).Any(t => t.Query is not null))
        {
            return;
        }

        var queues = turn.State.Queues;
        if (queues.Copy is { } copy)
        {
            GiveAgain(turn, copy);
            return;
        }

        if (queues.Chosen is not { } standing || !Matcher.Holds(turn.Now, Type(standing), standing))
        {
            queues.Chosen = First(turn, TaskQueueType.Workflow) ?? First(turn, TaskQueueType.Activity);
        }

        if (queues.Chosen is { } chosen && Give(turn, Type(chosen), chosen))
        {
            queues.Chosen = null;
            turn.Settle();
        }
    }

    /// <summary>Whether anything waits for a worker.</summary>
    public static bool AnyWaiting(EngineState state, DateTime now) =>
        state.Queues.Copy is not null || state.Queues.All.Any(q => q.Tasks.Any(t => Matcher.Holds(now, q.Key.Type, t)));

    /// <summary>Drops notes that stand for nothing any more.</summary>
    private static void Clear(TaskQueueState queue, DateTime now)
    {
        for (var node = queue.Tasks.First; node is not null;)
        {
            var next = node.Next;
            if (!Matcher.Holds(now, queue.Key.Type, node.Value))
            {
                queue.Tasks.Remove(node);
            }

            node = next;
        }
    }

    private static TaskQueueType Type(QueuedTask task) => task.Activity ? TaskQueueType.Activity : TaskQueueType.Workflow;

    private static bool Give(Turn turn, TaskQueueType type, QueuedTask task)
    {
        var queue = turn.State.Queues.Get(new QueueKey(task.Run.State.Namespace, task.Queue, type));
        if (queue.TakePoller() is not { } poller)
        {
            return false;
        }

        queue.Tasks.Remove(task);
        Matcher.Deliver(turn, queue, task, poller);
        return true;
    }

    private static void GiveAgain(Turn turn, ActivityCopy copy)
    {
        if (turn.State.Queues.Get(copy.Queue).TakePoller() is not { } poller)
        {
            return;
        }

        turn.State.Queues.Copy = null;
        turn.Answer((Reply<PollActivityTaskQueueResponse>)poller.Reply, turn.State.Faults.OnCopy(turn, copy.Answer));
    }

    private static QueuedTask? NextQuery(Turn turn) =>
        Pending(turn, TaskQueueType.Workflow).Where(t => t.Query is not null).OrderBy(t => t.Run.State.Number).FirstOrDefault();

    private static QueuedTask? First(Turn turn, TaskQueueType type)
    {
        QueuedTask? first = null;
        ulong least = ulong.MaxValue;
        foreach (var task in Pending(turn, type).Where(t => t.Query is null))
        {
            ulong order = turn.State.Faults.Order(task.Run.State.RunId, task.EventId, task.Attempt);
            if (first is null || order < least)
            {
                (first, least) = (task, order);
            }
        }

        return first;
    }

    private static IEnumerable<QueuedTask> Pending(Turn turn, TaskQueueType type) =>
        turn.State.Queues.All.Where(q => q.Key.Type == type && q.Tasks.Count > 0).SelectMany(q => q.Tasks).Where(t => Matcher.Holds(turn.Now, type, t));
}
