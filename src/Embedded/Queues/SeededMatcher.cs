namespace VirtEngine.DR.Embedded.Queues;

/// <summary>
/// Gives out workflow tasks one at a time, in an order that the seed chooses among all that wait: which worker happens to ask first has no say. A choice stands until
/// a worker for it has come.
/// </summary>
internal static class SeededMatcher
{
    public static void Match(Turn turn)
    {
        if (turn.State.Held())
        {
            return;
        }

        var queues = turn.State.Queues;
        while (Choose(turn) is { } chosen)
        {
            var queue = queues.Get(new QueueKey(chosen.Run.State.Namespace, chosen.Queue, TaskQueueType.Workflow));
            if (queue.TakePoller() is not { } poller)
            {
                return;
            }

            queues.Chosen = null;
            queue.Tasks.Remove(chosen);
            Matcher.Deliver(turn, queue, chosen, poller);
            turn.Settle();
            if (chosen.Query is null)
            {
                return;
            }
        }
    }

    private static QueuedTask? Choose(Turn turn)
    {
        var queues = turn.State.Queues;
        if (queues.Chosen is { } standing && Matcher.Holds(turn, TaskQueueType.Workflow, standing))
        {
            return standing;
        }

        if (turn.State.Runs.InMemory.Any(r => r.TaskStarted && r.LostTask != r.State.Task!.StartedEventId))
        {
            return null;
        }

        var waiting = queues.All.Where(q => q.Key.Type == TaskQueueType.Workflow).SelectMany(q => q.Tasks)
            .Where(t => Matcher.Holds(turn, TaskQueueType.Workflow, t))
            .OrderBy(t => t.Run.State.Number).DistinctBy(t => (t.Run.State.RunId, t.Query?.Id)).ToArray();
        return queues.Chosen = waiting.Length == 0 ? null : waiting[turn.State.Faults.Choose(waiting.Length)];
    }
}
