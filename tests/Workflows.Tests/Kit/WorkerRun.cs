using Temporalio.Worker;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>A worker at work until it is disposed.</summary>
public sealed class WorkerRun : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly TemporalWorker worker;
    private readonly Task running;
    private bool disposed;

    public WorkerRun(TemporalWorker worker)
    {
        this.worker = worker;
        running = Task.Run(() => worker.ExecuteAsync(stop.Token));
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        await stop.CancelAsync();
        try
        {
            await running;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A worker that is stopped by its token ends this way.
        }

        worker.Dispose();
        stop.Dispose();
    }
}
