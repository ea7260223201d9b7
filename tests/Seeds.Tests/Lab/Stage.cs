using System.Text.Json;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Embedded;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Tests.Shared;
using VirtEngine.DR.Workflows;

namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>One seed's engine, world, workers and people, in virtual time.</summary>
public sealed partial class Stage : IAsyncDisposable
{
    private static readonly TimeSpan LongestPlay = TimeSpan.FromDays(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly List<Task> sent = [];
    private readonly List<string> diary = [];
    private readonly List<TemporalWorker> workers = [];
    private readonly List<Task> working = [];
    private readonly CancellationTokenSource stop = new();
    private readonly NodeFakes node;
    private readonly ScratchFolder? folder;
    private readonly EmbeddedEngine engine;
    private readonly DateTimeOffset began;

    private Stage(long seed, World world, VirtualTime time, EmbeddedEngine engine, TemporalClient client, ScratchFolder? folder)
    {
        Seed = seed;
        World = world;
        Time = time;
        Client = client;
        this.engine = engine;
        this.folder = folder;
        Dice = new(seed);
        node = new(world);
        Desk = new(time);
        began = time.GetUtcNow();
    }

    public long Seed { get; }

    public Dice Dice { get; }

    public World World { get; }

    public VirtualTime Time { get; }

    public TemporalClient Client { get; }

    public Desk Desk { get; }

    /// <summary>The one queue of control and node.</summary>
    public string Queue => Names.NodeQueue(World.Node);

    /// <summary>Plays a scenario under a seed.</summary>
    public static async Task<Account> PlayAsync(Scenario scenario, long seed, FaultPlan? plan = null, bool histories = false)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        plan ??= Plans.Of(seed);
        var time = new VirtualTime();
        var world = new World("node-0") { Time = time };
        scenario.Prepare(world, new Dice(seed));
        var folder = plan.RestartAtWorkflowTask is null ? null : new ScratchFolder();
        var engine = await EmbeddedEngine.StartAsync(new EngineOptions { Time = time, Faults = plan, DataFile = folder?["engine.db"] }, CancellationToken.None);
        await using var stage = new Stage(seed, world, time, engine, await Laboratory.ConnectAsync(engine.TargetHost), folder);
        return await stage.PlayAsync(scenario, plan, histories);
    }

    /// <summary>Starts a workflow.</summary>
    public Task StartAsync(string workflow, object input, string id, string? queue = null) =>
        SendAsync($"starts {workflow} as {id}", () => Client.StartWorkflowAsync(workflow, [input], new(id, queue ?? Queue)));

    /// <summary>Sends something that changes a run, and returns when the engine has it. What becomes of it is not waited for: time may have to pass.</summary>
    public async Task SendAsync(string what, Func<Task> call)
    {
        Say(what);
        var taken = Time.MessagesTaken;
        var task = HearAsync(call);
        sent.Add(task);
        await Task.WhenAny(Time.TakenAsync(taken + 1), task);
    }

    /// <summary>The run's state; null while it cannot be asked without time passing, or when there is none.</summary>
    public async Task<(bool Open, RunState? State)> LookAsync(string id)
    {
        DescribeWorkflowExecutionResponse description;
        try
        {
            description = await Client.WorkflowService.DescribeWorkflowExecutionAsync(new() { Namespace = "default", Execution = new() { WorkflowId = id } });
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            return (true, null);
        }

        var open = description.WorkflowExecutionInfo.Status == Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running;
        try
        {
            return (open, open && description.PendingWorkflowTask is not null ? null : await Client.GetWorkflowHandle(id).QueryAsync<RunState>(Verbs.State, []));
        }
        catch (Exception e) when (e is RpcException or WorkflowQueryFailedException)
        {
            return (open, null);
        }
    }

    public void Say(string text) => diary.Add($"{Time.GetUtcNow() - began} {text}");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        foreach (var task in working)
        {
            try
            {
                await task;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // A worker that is stopped by its token ends this way.
            }
        }

        workers.ForEach(w => w.Dispose());
        stop.Dispose();
        await engine.DisposeAsync();
        folder?.Dispose();
    }

    private async Task<Account> PlayAsync(Scenario scenario, FaultPlan plan, bool histories)
    {
        var before = Glance.At(World);
        var attributes = new AddSearchAttributesRequest { Namespace = "default" };
        attributes.SearchAttributes.Add(SearchAttributeNames.All.ToDictionary(key => key.Name, key => key.ValueType));
        await Client.Connection.OperatorService.AddSearchAttributesAsync(attributes);
        Work(scenario, Client);
        if (plan.DuplicateWorkflowTasks > 0)
        {
            Work(scenario, await Laboratory.ConnectAsync(engine.TargetHost));
        }

        using (Time.Hold())
        {
            await scenario.Begin(this);
        }

        bool over;
        try
        {
            over = await ToTheEndAsync().WaitAsync(Patience);
        }
        catch (TimeoutException e)
        {
            // In the machine's own time: something turns for ever, or the clock stands still because somebody never answers.
            throw new TimeoutException($"not over after {Patience}, at {Time.GetUtcNow() - began}:\n{string.Join('\n', diary.TakeLast(60))}\n{plan}\n{await OpenAsync()}", e);
        }

        var runs = new List<Ended>();
        foreach (var run in await RunsAsync())
        {
            runs.Add(histories ? run with { History = await Histories.LinesAsync(Client, run, began.UtcDateTime) } : run);
        }

        return new(Seed, World, before, runs, diary, over)
        {
            Plan = plan,
            PagedAt = [.. World.PagedAt],
            Staging = [.. node.Captured.Keys],
            WorkflowTasks = engine.WorkflowTasksGiven,
            Restarts = engine.Restarts,
        };
    }

    /// <summary>What is still open, what it waits for, and how its history ends.</summary>
    private async Task<string> OpenAsync()
    {
        var text = new List<string>();
        var list = await Client.WorkflowService.ListWorkflowExecutionsAsync(new() { Namespace = "default", Query = "ExecutionStatus = 'Running'" });
        foreach (var open in list.Executions)
        {
            var about = await Client.WorkflowService.DescribeWorkflowExecutionAsync(new() { Namespace = "default", Execution = open.Execution });
            var run = new Ended(open.Execution.WorkflowId, open.Execution.RunId, open.Type.Name, open.Status);
            text.AddRange([
                $"open: {run.WorkflowId}, {open.HistoryLength} events, workflow task {about.PendingWorkflowTask?.State} {about.PendingWorkflowTask?.Attempt}",
                .. about.PendingActivities.Select(a => $"    activity {a.ActivityType.Name} {a.State}, attempt {a.Attempt}: {a.LastFailure?.Message}"),
                .. (await Histories.LinesAsync(Client, run, began.UtcDateTime)).TakeLast(25).Select(line => "    " + line),
            ]);
        }

        return string.Join('\n', text);
    }

    private async Task<bool> ToTheEndAsync()
    {
        while (true)
        {
            using var pause = await Time.PauseAsync(Desk.Next);
            if (pause.IsOver || Time.GetUtcNow() - began > LongestPlay)
            {
                return pause.IsOver;
            }

            await Desk.ActAsync();
        }
    }

    private void Work(Scenario scenario, TemporalClient client)
    {
        var options = new TemporalWorkerOptions(Queue)
        {
            MaxCachedWorkflows = 50,
            MaxConcurrentWorkflowTaskPolls = 2,
            MaxConcurrentActivityTaskPolls = 3,
            MaxHeartbeatThrottleInterval = TimeSpan.FromMilliseconds(10),
            Interceptors = [new Durations(Time, Dice, scenario.LongestActivity)],
            DisableWorkflowTracingEventListener = true,

            // A loaded machine that gives no processor for two seconds is no deadlock.
            DebugMode = true,
        };
        foreach (var activity in SeededFakes.All(World, node, Client, Time))
        {
            options.AddActivity(activity);
        }

        foreach (var workflow in WorkflowCatalog.All)
        {
            options.AddWorkflow(workflow);
        }

        Run(new TemporalWorker(client, options));
        WorkTwin(options, client);
        WorkOtherHost(options, client);
    }

    private void Run(TemporalWorker worker)
    {
        workers.Add(worker);
        working.Add(Task.Run(() => worker.ExecuteAsync(stop.Token)));
    }

    private static async Task HearAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e) when (e is RpcException or WorkflowUpdateFailedException or WorkflowAlreadyStartedException or WorkflowUpdateRpcTimeoutOrCanceledException)
        {
            // A refusal, or a run that has closed meanwhile: an answer like any other.
        }
    }

    private async Task<IReadOnlyList<Ended>> RunsAsync()
    {
        var list = await Client.WorkflowService.ListWorkflowExecutionsAsync(new() { Namespace = "default", PageSize = 1000 });
        var runs = new List<Ended>();
        foreach (var info in list.Executions.OrderBy(e => e.StartTime.ToDateTime()).ThenBy(e => e.Execution.WorkflowId, StringComparer.Ordinal).ThenBy(e => e.Execution.RunId, StringComparer.Ordinal))
        {
            var run = new Ended(info.Execution.WorkflowId, info.Execution.RunId, info.Type.Name, info.Status) { ClosedAt = info.CloseTime?.ToDateTime() };
            runs.Add(run.Type == WorkflowTypes.Lock ? run : await WithEndAsync(run));
        }

        return runs;
    }

    private async Task<Ended> WithEndAsync(Ended run)
    {
        var handle = Client.GetWorkflowHandle(run.WorkflowId, run.RunId);
        var isRunbook = run.Type is WorkflowTypes.BackupRestore or WorkflowTypes.NodeFailure or WorkflowTypes.DataCorruption or WorkflowTypes.SignerMove;
        if (run.Status is Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running or Temporalio.Api.Enums.V1.WorkflowExecutionStatus.ContinuedAsNew)
        {
            // The result of one that continued as new is that of the last one of its chain.
            return isRunbook ? run with { State = (await LookAsync(run.WorkflowId)).State } : run;
        }

        try
        {
            if (isRunbook)
            {
                return run with { State = await handle.GetResultAsync<RunState>() };
            }

            return run with { Result = await handle.GetResultAsync<JsonElement>() };
        }
        catch (WorkflowFailedException e)
        {
            return run with { Failure = (e.InnerException ?? e).Message, FailureType = (e.InnerException as ApplicationFailureException)?.ErrorType };
        }
    }
}
