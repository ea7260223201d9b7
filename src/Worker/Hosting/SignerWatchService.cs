using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Estates;
using VirtEngine.DR.Worker.Telemetry;

namespace VirtEngine.DR.Worker.Hosting;

/// <summary>Watches the signers of this worker's nodes, whether the server answers or not.</summary>
internal sealed class SignerWatchService(WorkerOptions options, LoadedEstate estate, ActivitySet activities, WorkerHealth health, ILogger<SignerWatchService> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(options.Nodes
        .Select(name => WorkerOptionsValidator.Node(estate.Estate, name)).Where(node => node.Signer is not null).Select(node => WatchAsync(node, stoppingToken)));

    private async Task WatchAsync(NodeSpec node, CancellationToken stop)
    {
        var watch = activities.Watch(new NodeTarget(node, estate.Estate.Chain, estate.Digest));
        string? said = null;
        using var timer = new PeriodicTimer(Every);
        try
        {
            do
            {
                said = await LookAsync(node, watch, said, stop).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The worker stops.
        }
    }

    private async Task<string?> LookAsync(NodeSpec node, SignerWatch watch, string? said, CancellationToken stop)
    {
        SignerWatchState state;
        try
        {
            state = await watch.TickAsync(stop).ConfigureAwait(false);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // A watch that died would be an alarm that nobody hears: it looks again.
            state = new(node.Name, null, e.Message);
        }

        var alarm = state.Alarm is { } raised ? $"two signers since {raised.At:u}: {string.Join("; ", raised.Reasons.Select(reason => reason.Text))}; {(raised.StopProblem is { } problem ? "NOT stopped: " + problem : "stopped")}" : null;
        health.SetAlarm(node.Name, alarm);
        WorkerMetrics.SignerAlarm(node.Name, alarm is not null, watched: state.Problem is null);
        var now = alarm ?? state.Problem;
        if (now is not null && now != said)
        {
            log.Log(alarm is null ? LogLevel.Warning : LogLevel.Critical, "The signer of {Node}: {What}", node.Name, now);
        }

        return now;
    }
}
