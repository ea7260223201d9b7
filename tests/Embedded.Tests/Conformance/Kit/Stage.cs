using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Worker;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>One play of a scenario on one server: names of its own, its scripts, its workers, and what it notes.</summary>
public sealed class Stage : IAsyncDisposable
{
    private readonly Dictionary<string, Func<ScriptedWorkflow, Task<object?>>> flows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<ScriptedCall, Task<object?>>> activities = new(StringComparer.Ordinal);
    private readonly List<StageWorker> workers = [];
    private readonly List<string> lines = [];
    private readonly Mask mask;

    public Stage(ITemporalClient client)
    {
        Client = client;
        Unique = Guid.NewGuid().ToString("N")[..10] + "z";
        mask = new(Unique);
        Stages.Add(Queue, this);
    }

    /// <summary>A client of the server that is played on.</summary>
    public ITemporalClient Client { get; }

    /// <summary>The server's API as it is on the wire.</summary>
    public WorkflowService Service => Client.Connection.WorkflowService;

    /// <summary>What makes this play's names its own.</summary>
    public string Unique { get; }

    /// <summary>How often a script that asks shall still throw.</summary>
    public System.Collections.Concurrent.ConcurrentBag<bool> Throws { get; } = [];

    /// <summary>The task queue.</summary>
    public string Queue => Id("queue");

    /// <summary>What was recorded so far.</summary>
    public IReadOnlyList<string> Lines => lines;

    /// <summary>A name of this play's own.</summary>
    public string Id(string name) => $"{name}-{Unique}";

    /// <summary>Scripts a workflow type.</summary>
    public void Flow(string type, Func<ScriptedWorkflow, Task<object?>> body) => flows[type] = body;

    /// <summary>Scripts an activity type.</summary>
    public void Activity(string type, Func<ScriptedCall, Task<object?>> body) => activities[type] = body;

    /// <summary>The script of a workflow type.</summary>
    public Func<ScriptedWorkflow, Task<object?>> FlowOf(string type) => flows[type];

    /// <summary>The script of an activity type.</summary>
    public Func<ScriptedCall, Task<object?>> ActivityOf(string type) => activities[type];

    /// <summary>Starts a worker on the play's queue.</summary>
    public StageWorker Work(Action<TemporalWorkerOptions>? change = null)
    {
        var options = new TemporalWorkerOptions(Queue)
        {
            MaxConcurrentWorkflowTaskPolls = 2,
            MaxConcurrentActivityTaskPolls = 1,
            MaxHeartbeatThrottleInterval = TimeSpan.FromMilliseconds(100),
            DefaultHeartbeatThrottleInterval = TimeSpan.FromMilliseconds(100),
        };
        options.AddWorkflow<ScriptedWorkflow>().AddAllActivities(new ScriptedActivities(this));
        change?.Invoke(options);
        var worker = new StageWorker(new TemporalWorker(Client, options));
        workers.Add(worker);
        return worker;
    }

    /// <summary>Options for a workflow of this play.</summary>
    public WorkflowOptions Options(string id = "run") => new(Id(id), Queue);

    /// <summary>Starts a workflow.</summary>
    public Task<WorkflowHandle> StartAsync(string type, params object?[] arguments) => Client.StartWorkflowAsync(type, arguments, Options());

    /// <summary>Starts a workflow with options.</summary>
    public Task<WorkflowHandle> StartAsync(string type, WorkflowOptions options, params object?[] arguments) => Client.StartWorkflowAsync(type, arguments, options);

    /// <summary>Notes an outcome.</summary>
    public void Note(string name, object? value)
    {
        lock (lines)
        {
            lines.Add(mask.Text($"{name}: {value ?? "null"}"));
        }
    }

    /// <summary>Notes a message of the API.</summary>
    public void NoteMessage(string name, Google.Protobuf.IMessage message)
    {
        lock (lines)
        {
            lines.Add($"{name}:");
            lines.AddRange(MessageText.Lines(message, mask, "    "));
        }
    }

    /// <summary>Notes an answer or an error, whichever comes.</summary>
    public async Task NoteAsync<T>(string name, Func<Task<T>> call)
    {
        try
        {
            T answer = await call().ConfigureAwait(false);
            if (answer is Google.Protobuf.IMessage message)
            {
                NoteMessage(name, message);
            }
            else
            {
                Note(name, answer);
            }
        }
        catch (Exception e) when (e is Temporalio.Exceptions.TemporalException)
        {
            Note(name, "error " + ErrorText.Of(e));
        }
    }

    /// <summary>Notes that it went well, or the error.</summary>
    public Task NoteAsync(string name, Func<Task> call) => NoteAsync(name, async () =>
    {
        await call().ConfigureAwait(false);
        return "done";
    });

    /// <summary>Notes a workflow's result or failure.</summary>
    public Task NoteResultAsync(WorkflowHandle handle, string name = "result") => NoteAsync(name, () => handle.GetResultAsync<object?>());

    /// <summary>Records a history, whole.</summary>
    public async Task RecordAsync(WorkflowHandle handle, string name = "history")
    {
        var events = new List<Temporalio.Api.History.V1.HistoryEvent>();
        await foreach (var e in handle.FetchHistoryEventsAsync().ConfigureAwait(false))
        {
            events.Add(e);
        }

        lock (lines)
        {
            lines.Add($"{name} of {mask.Text(handle.Id)}");
            lines.AddRange(HistoryText.Lines(events, mask));
        }
    }

    /// <summary>Notes the result, then records the history.</summary>
    public async Task EndAsync(WorkflowHandle handle)
    {
        await NoteResultAsync(handle).ConfigureAwait(false);
        await RecordAsync(handle).ConfigureAwait(false);
    }

    /// <summary>What the server says about a workflow.</summary>
    public Task<DescribeWorkflowExecutionResponse> DescribeAsync(WorkflowHandle handle) => Service.DescribeWorkflowExecutionAsync(
        new() { Namespace = Client.Options.Namespace, Execution = new Temporalio.Api.Common.V1.WorkflowExecution { WorkflowId = handle.Id, RunId = handle.RunId ?? "" } });

    /// <summary>Waits until the server's description of a workflow satisfies.</summary>
    public Task<DescribeWorkflowExecutionResponse> WhenAsync(WorkflowHandle handle, string what, Func<DescribeWorkflowExecutionResponse, bool> satisfied) =>
        Eventually.GetAsync(what, TimeSpan.FromSeconds(20), async () =>
        {
            DescribeWorkflowExecutionResponse seen = await DescribeAsync(handle).ConfigureAwait(false);
            return satisfied(seen) ? seen : null;
        });

    /// <summary>Waits until the workflow has done what it can: its last workflow task is completed, none is pending, and an event of a type is there.</summary>
    public async Task IdleAsync(WorkflowHandle handle, EventType? after = null, int times = 1)
    {
        await Eventually.TrueAsync($"{handle.Id} is idle", TimeSpan.FromSeconds(20), async () =>
        {
            // The history first: whatever wakes a workflow stands there together with its next task, so that no pending task means done.
            if (after is not null && (await handle.FetchHistoryAsync().ConfigureAwait(false)).Events.Count(e => e.EventType == after) < times)
            {
                return false;
            }

            DescribeWorkflowExecutionResponse seen = await DescribeAsync(handle).ConfigureAwait(false);
            return seen.PendingWorkflowTask is null && seen.WorkflowExecutionInfo.HistoryLength >= 4;
        }).ConfigureAwait(false);
    }

    /// <summary>Waits until the history holds so many events of a type.</summary>
    public static Task EventAsync(WorkflowHandle handle, EventType type, int times = 1) => Eventually.TrueAsync(
        $"{times} x {type} in {handle.Id}", TimeSpan.FromSeconds(20), async () =>
            (await handle.FetchHistoryAsync().ConfigureAwait(false)).Events.Count(e => e.EventType == type) >= times);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (StageWorker worker in workers)
        {
            await worker.DisposeAsync().ConfigureAwait(false);
        }

        Stages.Remove(Queue);
    }
}
