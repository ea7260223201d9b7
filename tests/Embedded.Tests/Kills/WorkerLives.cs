using Temporalio.Client;
using Temporalio.Worker;
using VirtEngine.DR.Embedded.Tests.Conformance;

namespace VirtEngine.DR.Embedded.Tests.Kills;

/// <summary>Workers one after another, one for each life of the engine: those of former lives stay, and share the load when they are back.</summary>
public sealed class WorkerLives(Func<TemporalWorkerOptions> options) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly List<StageWorker> workers = [];

    /// <summary>Starts the next worker.</summary>
    public void Next(ITemporalClient client) => workers.Add(new(new TemporalWorker(client, options())));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A worker whose engine died under it may hold on to a slot that nobody will give back: it is not what is tested here, and ends with the process.
        Task ended = Task.WhenAll(workers.Select(w => w.DisposeAsync().AsTask()));
        using var patience = new CancellationTokenSource(Patience);
        var gaveUp = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = patience.Token.Register(() => gaveUp.TrySetResult());
        await Task.WhenAny(ended, gaveUp.Task).ConfigureAwait(false);
    }
}
