namespace VirtEngine.DR.Embedded.Queues;

/// <summary>A worker that waits for a task.</summary>
internal sealed class Poller(string identity, string workerInstance, Reply reply, CancellationToken gone)
{
    public string Identity { get; } = identity;
    public string WorkerInstance { get; } = workerInstance;
    public Reply Reply { get; } = reply;

    /// <summary>Whether the caller still listens.</summary>
    public bool Waits => !Reply.Decided && !gone.IsCancellationRequested;
}
