namespace VirtEngine.DR.Embedded.Queues;

/// <summary>A worker that waits for a task.</summary>
internal sealed class Poller(string identity, string buildId, string workerInstance, Reply reply, CancellationToken gone)
{
    public string Identity { get; } = identity;

    /// <summary>The build of the worker, as it names it; empty when it does not.</summary>
    public string BuildId { get; } = buildId;

    public string WorkerInstance { get; } = workerInstance;
    public Reply Reply { get; } = reply;

    /// <summary>Whether the caller still listens.</summary>
    public bool Waits => !Reply.Decided && !gone.IsCancellationRequested;
}
