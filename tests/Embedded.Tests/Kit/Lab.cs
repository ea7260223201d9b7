using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Worker;
using Xunit;

namespace VirtEngine.DR.Embedded.Tests.Kit;

/// <summary>An engine of a test's own, a client, and a worker.</summary>
public sealed class Lab : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _working = Task.CompletedTask;
    private TemporalWorker? _worker;

    private Lab(EmbeddedEngine engine, TemporalClient client)
    {
        Engine = engine;
        Client = client;
    }

    public EmbeddedEngine Engine { get; }

    public TemporalClient Client { get; }

    public string Queue { get; } = "lab";

    public static async Task<Lab> StartAsync(EngineOptions? options = null, int cached = 100, bool withWorker = true)
    {
        var engine = await EmbeddedEngine.StartAsync(options ?? new EngineOptions(), TestContext.Current.CancellationToken);
        var lab = new Lab(engine, await ConnectAsync(engine));
        if (withWorker)
        {
            lab.Work(cached);
        }

        return lab;
    }

    public static Task<TemporalClient> ConnectAsync(EmbeddedEngine engine) => TemporalClient.ConnectAsync(new TemporalClientConnectOptions(engine.TargetHost)
    {
        RpcMetadata = engine.AccessKey is { } key ? new Dictionary<string, string> { ["authorization"] = "Bearer " + key } : null,
    });

    /// <summary>Starts the worker.</summary>
    public void Work(int cached = 100)
    {
        _worker = new TemporalWorker(Client, new TemporalWorkerOptions(Queue) { MaxCachedWorkflows = cached }
            .AddWorkflow<SampleWorkflow>().AddAllActivities(new Greeter()));
        _working = _worker.ExecuteAsync(_stop.Token);
    }

    public Task<WorkflowHandle<SampleWorkflow, string>> StartAsync(string how, string? id = null, Action<WorkflowOptions>? more = null)
    {
        var options = new WorkflowOptions(id ?? $"{how}-{Guid.NewGuid():N}", Queue);
        more?.Invoke(options);
        return Client.StartWorkflowAsync((SampleWorkflow w) => w.RunAsync(how), options);
    }

    /// <summary>The whole description, with what is pending.</summary>
    public Task<DescribeWorkflowExecutionResponse> DescribeAsync(string id) => Client.WorkflowService.DescribeWorkflowExecutionAsync(new()
    {
        Namespace = "default",
        Execution = new() { WorkflowId = id },
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _working;
        }
        catch (OperationCanceledException)
        {
            // That is how a worker ends.
        }

        _worker?.Dispose();
        _stop.Dispose();
        await Engine.DisposeAsync();
    }
}
