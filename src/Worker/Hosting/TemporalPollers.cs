using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Runtime;
using Temporalio.Worker;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Worker.Telemetry;

namespace VirtEngine.DR.Worker.Hosting;

/// <summary>Connects, polls the queues of the roles, and says whether it does. A server that is away is waited for.</summary>
internal sealed class TemporalPollers(
    WorkerOptions options, ActivitySet activities, WorkerHealth health, WorkerRefusal refusal, SdkMetrics metrics, ILoggerFactory logs, ILogger<TemporalPollers> log)
    : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(5);

    /// <summary>A server whose database was put back to an earlier day, or made anew, has forgotten the search attributes, and a run that sets one would stand until somebody restarts this worker.</summary>
    private static readonly TimeSpan RegisterEvery = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var runtime = new TemporalRuntime(new TemporalRuntimeOptions(new TelemetryOptions
        {
            Metrics = new MetricsOptions { CustomMetricMeter = metrics },

            // Errors only, through our own log: the core warns each time a lock ends while its watch is still out, which is how locks end.
            Logging = new LoggingOptions
            {
                Filter = new TelemetryFilterOptions(TelemetryFilterOptions.Level.Error, TelemetryFilterOptions.Level.Error),
                Forwarding = new LogForwardingOptions { Logger = logs.CreateLogger("Temporalio.Core") },
            },
        }));
        var pause = TimeSpan.FromMilliseconds(250);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(runtime, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (OpenRunsException e)
            {
                // Trying again would not help: another version has to be started, so the program ends and says which.
                health.SetNotReady(e.Message);
                refusal.Refuse(e);
                return;
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException or HttpRequestException or IOException)
            {
                // InvalidOperationException is what the SDK throws where it cannot connect.
                health.SetNotReady($"{options.Address}: {e.Message}");
                log.LogWarning("No work from {Address}: {Problem}. Trying again in {Pause}", options.Address, e.Message, pause);
                await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        health.SetNotReady("stopped");
    }

    private static IEnumerable<Type> Workflows() =>
        Assembly.Load("VirtEngine.DR.Workflows").GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.GetCustomAttribute<WorkflowAttribute>(inherit: false) is not null)
            .OrderBy(type => type.FullName, StringComparer.Ordinal);

    private async Task RunAsync(TemporalRuntime runtime, CancellationToken stop)
    {
        var client = await TemporalConnector.ConnectAsync(options, runtime, logs).ConfigureAwait(false);
        if (options.Control)
        {
            await TemporalConnector.RegisterSearchAttributesAsync(client, options.Namespace, stop).ConfigureAwait(false);
        }

        if (options.Control)
        {
            await ReplayAsync(client, runtime, stop).ConfigureAwait(false);
        }

        var workers = Workers(client);
        try
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var running = workers.Select(worker => worker.ExecuteAsync(linked.Token)).ToArray();
            var queues = workers.Select(worker => worker.Options.TaskQueue!).ToArray();
            log.LogInformation("Polling {Queues} at {Address}", queues, options.Address);
            var probe = ProbeAsync(client, queues, linked.Token);
            await Task.WhenAny([.. running, probe]).ConfigureAwait(false);
            health.SetNotReady("stopping");
            await linked.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll([.. running, probe]).ConfigureAwait(false);
        }
        finally
        {
            workers.ForEach(worker => worker.Dispose());
        }
    }

    private async Task ReplayAsync(TemporalClient client, TemporalRuntime runtime, CancellationToken stop)
    {
        if (options.SkipReplay is { } why)
        {
            log.LogWarning("Open runs are NOT replayed before polling, by request: {Why}", why);
            return;
        }

        health.SetNotReady("replays the open runs");
        await new OpenRunReplay(client, runtime, [.. Workflows()], log).CheckAsync(Names.ControlQueue, options.ReplayWithin, stop).ConfigureAwait(false);
    }

    private List<TemporalWorker> Workers(TemporalClient client)
    {
        var workers = new List<TemporalWorker>();
        if (options.Control)
        {
            var control = Options(Names.ControlQueue);
            foreach (var workflow in Workflows())
            {
                control.AddWorkflow(workflow);
            }

            Add(control, activities.Control(client));
            workers.Add(new TemporalWorker(client, control));
        }

        foreach (var node in options.Nodes)
        {
            var own = Options(Names.NodeQueue(node));
            Add(own, activities.Node());
            workers.Add(new TemporalWorker(client, own));
        }

        return workers;
    }

    private TemporalWorkerOptions Options(string queue)
    {
        var worker = new TemporalWorkerOptions(queue)
        {
            // Not versioned by the server: histories say which build ran them, and who starts a worker decides which build goes on.
            DeploymentOptions = new(new("virtengine-dr", WorkerVersion.BuildId), useWorkerVersioning: false),
            GracefulShutdownTimeout = options.GracefulShutdown,
            MaxHeartbeatThrottleInterval = TimeSpan.FromSeconds(5),
            LoggerFactory = logs,
        };
        if (options.MaxCachedWorkflows is { } cached)
        {
            worker.MaxCachedWorkflows = cached;
        }

        return worker;
    }

    private static void Add(TemporalWorkerOptions worker, IReadOnlyList<object> instances)
    {
        foreach (var instance in instances)
        {
            worker.AddAllActivities(instance.GetType(), instance);
        }
    }

    private async Task ProbeAsync(TemporalClient client, string[] queues, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(ProbeEvery);
        var registered = Stopwatch.StartNew();
        try
        {
            do
            {
                try
                {
                    await client.Connection.CheckHealthAsync(options: new RpcOptions { CancellationToken = stop, Timeout = ProbeEvery }).ConfigureAwait(false);
                    if (options.Control && registered.Elapsed > RegisterEvery)
                    {
                        await TemporalConnector.RegisterSearchAttributesAsync(client, options.Namespace, stop).ConfigureAwait(false);
                        registered.Restart();
                    }

                    health.SetReady(queues);
                }
                catch (RpcException e) when (!stop.IsCancellationRequested)
                {
                    health.SetNotReady($"{options.Address} does not answer: {e.Message}");
                }
            }
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (Exception e) when (e is OperationCanceledException || (e is RpcException && stop.IsCancellationRequested))
        {
            // The worker stops.
        }
    }
}
