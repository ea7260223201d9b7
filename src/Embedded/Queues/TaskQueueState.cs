namespace VirtEngine.DR.Embedded.Queues;

/// <summary>One queue: the tasks that wait and the workers that wait.</summary>
internal sealed class TaskQueueState(QueueKey key)
{
    public QueueKey Key { get; } = key;
    public LinkedList<QueuedTask> Tasks { get; } = [];
    public LinkedList<Poller> Pollers { get; } = [];

    /// <summary>When each worker was last here, in the machine's own time.</summary>
    public SortedDictionary<string, DateTime> Seen { get; } = new(StringComparer.Ordinal);

    /// <summary>When any worker was last here; null when none ever was.</summary>
    public DateTime? LastPoll { get; set; }

    /// <summary>The workers that wait at another state's queue of this name wait here now.</summary>
    public void TakeWorkers(TaskQueueState from)
    {
        LastPoll = from.LastPoll;
        foreach (var (identity, seen) in from.Seen)
        {
            Seen[identity] = seen;
        }

        foreach (var poller in from.Pollers.Where(p => p.Waits))
        {
            Pollers.AddLast(poller);
        }
    }

    public Poller? TakePoller()
    {
        while (Pollers.First is { } first)
        {
            Pollers.RemoveFirst();
            if (first.Value.Waits)
            {
                return first.Value;
            }
        }

        return null;
    }

    public bool HasPoller()
    {
        while (Pollers.First is { } first)
        {
            if (first.Value.Waits)
            {
                return true;
            }

            Pollers.RemoveFirst();
        }

        return false;
    }
}
