using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Temporalio.Client;
using Temporalio.Runtime;
using Temporalio.Worker;
using VirtEngine.DR.Bench.Engine;
using VirtEngine.DR.Embedded;

// serve FILE PORT: the engine in a process of its own. drive ADDRESS COUNT: the same load for any server; one line "name value" a figure.
switch (args)
{
    case ["serve", var file, var port]:
        await using (EmbeddedEngine engine = await EmbeddedEngine.StartAsync(new() { DataFile = file, Port = Number(port) }, CancellationToken.None))
        {
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                ended.TrySetResult();
            });
            Console.WriteLine("serving " + engine.TargetHost);
            await ended.Task;
        }

        return 0;
    case ["drive", var address, var count]:
        await DriveAsync(address, Number(count));
        return 0;
    default:
        Console.Error.WriteLine("usage: serve FILE PORT | drive ADDRESS COUNT");
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static async Task DriveAsync(string address, int count)
{
    var runtime = new TemporalRuntime(new() { Telemetry = new() { Logging = new() { Filter = new(TelemetryFilterOptions.Level.Error) } } });
    ITemporalClient client = await ConnectAsync(address, runtime);
    string queue = "bench-" + Guid.NewGuid().ToString("N");
    using var worker = new TemporalWorker(client, new TemporalWorkerOptions(queue).AddWorkflow<BenchWorkflow>().AddActivity(BenchWorkflow.Echo));
    using var stop = new CancellationTokenSource();
    Task working = worker.ExecuteAsync(stop.Token);

    // Both sides warm: the first runs pay for the just-in-time compiler and for caches.
    await RunAllAsync(client, queue, "warm", 64, 64);

    Figures many = await RunAllAsync(client, queue, "many", count, 64);
    Show("many.workflows_per_second", count / many.Elapsed.TotalSeconds);
    Show("many.result_p50_ms", many.Result(0.5));
    Show("many.result_p99_ms", many.Result(0.99));
    Figures single = await RunAllAsync(client, queue, "single", Math.Max(30, count / 10), 1);
    Show("single.result_p50_ms", single.Result(0.5));
    Show("single.result_p99_ms", single.Result(0.99));
    Show("single.first_task_p50_ms", single.FirstTask(0.5));
    Show("single.first_task_p99_ms", single.FirstTask(0.99));

    List<double> nothing = [];
    for (int i = 0; i < 200; i++)
    {
        long asked = Stopwatch.GetTimestamp();
        await client.Connection.WorkflowService.GetSystemInfoAsync(new());
        nothing.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
    }

    Show("round_trip_p50_ms", Figures.Percentile(nothing, 0.5));
    var waiting = await client.StartWorkflowAsync((BenchWorkflow w) => w.RunAsync(true), new("update-" + queue, queue));
    List<double> updates = [];
    for (int i = 0; i < Math.Max(50, count / 10); i++)
    {
        long asked = Stopwatch.GetTimestamp();
        await waiting.ExecuteUpdateAsync(w => w.AddAsync());
        updates.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
    }

    await waiting.SignalAsync(w => w.EndAsync());
    await waiting.GetResultAsync();
    Show("update_p50_ms", Figures.Percentile(updates, 0.5));
    Show("update_p99_ms", Figures.Percentile(updates, 0.99));
    await stop.CancelAsync();
    try
    {
        await working;
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        // That is how a worker ends that was told to stop.
    }
}

static void Show(string name, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.##}"));

static async Task<ITemporalClient> ConnectAsync(string address, TemporalRuntime runtime)
{
    for (var patience = Stopwatch.StartNew(); ;)
    {
        try
        {
            return await TemporalClient.ConnectAsync(new(address) { Runtime = runtime });
        }
        catch (InvalidOperationException) when (patience.Elapsed < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(100);
        }
    }
}

static async Task<Figures> RunAllAsync(ITemporalClient client, string queue, string prefix, int count, int atOnce)
{
    var figures = new Figures();
    int next = 0;
    long begun = Stopwatch.GetTimestamp();
    await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
    {
        while (Interlocked.Increment(ref next) is var number && number <= count)
        {
            string id = FormattableString.Invariant($"{prefix}-{number}-{queue}");
            long asked = Stopwatch.GetTimestamp();
            await client.ExecuteWorkflowAsync((BenchWorkflow w) => w.RunAsync(false), new(id, queue));
            figures.Add(Stopwatch.GetElapsedTime(asked), Stopwatch.GetElapsedTime(asked, BenchWorkflow.Begun[id]));
        }
    })));
    figures.Elapsed = Stopwatch.GetElapsedTime(begun);
    return figures;
}
