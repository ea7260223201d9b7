namespace VirtEngine.DR.Embedded.Queues;

/// <summary>All queues; they come into being when somebody names them.</summary>
internal sealed class QueueTable
{
    /// <summary>A sticky worker that did not ask for so long has gone; in the machine's own time, as workers live in it.</summary>
    private static readonly TimeSpan AbsentAfter = TimeSpan.FromSeconds(2);
    private readonly Dictionary<QueueKey, TaskQueueState> _queues = [];

    /// <summary>The queues that got a task or a worker since they were last matched, in that order.</summary>
    public LinkedList<TaskQueueState> Ready { get; } = [];

    /// <summary>Under a seed: the workflow task that is next, whoever asks.</summary>
    public QueuedTask? Chosen { get; set; }

    /// <summary>Under a seed: an activity that was given out and shall be given once more, when its first worker is no longer at it.</summary>
    public ActivityCopy? Copy { get; set; }

    public IEnumerable<TaskQueueState> All => _queues.Values;

    public TaskQueueState Get(QueueKey key)
    {
        if (!_queues.TryGetValue(key, out var queue))
        {
            _queues[key] = queue = new TaskQueueState(key);
        }

        return queue;
    }

    public TaskQueueState? Find(QueueKey key) => _queues.GetValueOrDefault(key);

    /// <summary>Whether a worker waits at a queue, or was there a moment ago.</summary>
    public bool HasWorker(QueueKey key) =>
        _queues.TryGetValue(key, out var queue) && (queue.HasPoller() || queue.LastPoll is { } last && DateTime.UtcNow - last < AbsentAfter);

    public void Add(QueueKey key, QueuedTask task)
    {
        var queue = Get(key);
        queue.Tasks.AddLast(task);
        Ready.AddLast(queue);
    }

    public void Add(QueueKey key, Poller poller, DateTime realNow)
    {
        var queue = Get(key);
        queue.Pollers.AddLast(poller);
        queue.Seen[poller.Identity] = realNow;
        queue.LastPoll = realNow;
        Ready.AddLast(queue);
    }
}
