using Temporalio.Client;
using Temporalio.Worker;
using VirtEngine.DR.Embedded.Tests.Conformance;

namespace VirtEngine.DR.Embedded.Tests.Kills;

/// <summary>Workers one after another: each new one takes over, the one before it ends beside it.</summary>
public sealed class WorkerLives(Func<TemporalWorkerOptions> options) : IAsyncDisposable
{
    private readonly List<Task> ending = [];
    private StageWorker? worker;

    /// <summary>Starts the next worker and lets the last one end.</summary>
    public void Next(ITemporalClient client)
    {
        StageWorker? last = worker;
        worker = new(new TemporalWorker(client, options()));
        if (last is not null)
        {
            ending.Add(last.DisposeAsync().AsTask());
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (worker is not null)
        {
            ending.Add(worker.DisposeAsync().AsTask());
            worker = null;
        }

        await Task.WhenAll(ending).WaitAsync(TimeSpan.FromSeconds(60)).ConfigureAwait(false);
    }
}
