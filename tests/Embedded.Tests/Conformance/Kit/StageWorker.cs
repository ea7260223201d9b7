using Temporalio.Worker;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>A worker that runs until it is disposed.</summary>
public sealed class StageWorker : IAsyncDisposable
{
    private readonly TemporalWorker worker;
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    public StageWorker(TemporalWorker worker)
    {
        this.worker = worker;
        running = Task.Run(() => worker.ExecuteAsync(stop.Token));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (stop.IsCancellationRequested)
        {
            return;
        }

        await stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await running.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // That is how a worker ends that was told to stop.
        }

        worker.Dispose();
        stop.Dispose();
    }
}
