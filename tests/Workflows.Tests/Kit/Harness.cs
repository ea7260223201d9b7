using Temporalio.Client;
using Temporalio.Worker;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Workflows;
using VirtEngine.DR.Workflows.Corruption;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;
using VirtEngine.DR.Workflows.Signers;
using VirtEngine.DR.Workflows.Zones;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>One test's world with its own node name, task queues and workers.</summary>
public sealed class Harness : IAsyncDisposable
{
    private readonly List<WorkerRun> workers = [];

    private Harness(ITemporalClient client, World world)
    {
        Client = client;
        World = world;
        Control = "control-" + world.Node;
        NodeFakes = new(world);
    }

    public ITemporalClient Client { get; }

    public World World { get; }

    public NodeFakes NodeFakes { get; }

    /// <summary>The control queue of this test.</summary>
    public string Control { get; }

    /// <summary>The node's lock.</summary>
    public string LockId => Names.LockId("node", World.Node);

    /// <summary>Starts a world with its control and node workers.</summary>
    public static Harness Start(DevServer server, bool node = true, int? cached = null, bool control = true)
    {
        ArgumentNullException.ThrowIfNull(server);
        var harness = new Harness(server.Client, new("n-" + Guid.NewGuid().ToString("N")[..12]));
        if (control)
        {
            harness.StartControl(cached);
        }

        if (node)
        {
            harness.StartNode();
        }

        return harness;
    }

    /// <summary>Starts a control worker.</summary>
    public WorkerRun StartControl(int? cached = null)
    {
        // A loaded machine that gives no processor for two seconds is no deadlock.
        var options = new TemporalWorkerOptions(Control) { DebugMode = true }
            .AddAllActivities(new ControlFakes(World, Client))
            .AddAllActivities(new ProbeFakes(World))
            .AddAllActivities(new AnchorFakes(World))
            .AddAllActivities(new PowerFakes(World, Client))
            .AddAllActivities(new ClusterFakes(World))
            .AddAllActivities(new RecoveryPlanFakes(World))
            .AddAllActivities(new ToyFakes(World));
        foreach (var workflow in WorkflowCatalog.All.Append(typeof(ToyRunbook)))
        {
            options.AddWorkflow(workflow);
        }

        if (cached is { } size)
        {
            options.MaxCachedWorkflows = size;
        }

        return Add(new(new TemporalWorker(Client, options)));
    }

    /// <summary>Starts the node's worker.</summary>
    public WorkerRun StartNode() => StartNode(World, NodeFakes);

    /// <summary>Starts another world's worker; the control worker knows it as this world's twin.</summary>
    public WorkerRun StartNode(World world) => StartNode(world, new NodeFakes(world));

    private WorkerRun StartNode(World world, NodeFakes fakes) => Add(new(new TemporalWorker(
        Client, new TemporalWorkerOptions(Names.NodeQueue(world.Node)) { MaxHeartbeatThrottleInterval = TimeSpan.FromMilliseconds(200) }.AddAllActivities(fakes).AddAllActivities(new CorruptionFakes(world)).AddAllActivities(new RecoveryPlanFakes(world)).AddAllActivities(new HomeFakes(world)).AddAllActivities(new SignerFakes(world)).AddAllActivities(new StateSyncFakes(world)).AddAllActivities(new ViewFakes(world, world.Node)))));

    /// <summary>Starts the worker of another node, which looks at this one too.</summary>
    public WorkerRun StartVantage(string name) => Add(new(new TemporalWorker(Client, new TemporalWorkerOptions(Names.NodeQueue(name)).AddAllActivities(new ViewFakes(World, name)))));

    /// <summary>Starts the worker of the node that stands in for this one.</summary>
    public WorkerRun StartStandby() => Add(new(new TemporalWorker(
        Client, new TemporalWorkerOptions(Names.NodeQueue(World.Standby!.Node)).AddAllActivities(new NodeFakes(World.Standby)).AddAllActivities(new ViewFakes(World.Standby, World.Standby.Node)))));

    /// <summary>Starts the worker of another node of the estate, which may serve snapshots.</summary>
    public WorkerRun StartOther(string name) => Add(new(new TemporalWorker(
        Client, new TemporalWorkerOptions(Names.NodeQueue(name)).AddAllActivities(new StateSyncFakes(World)))));

    /// <summary>Starts the node worker of the other machine that may hold the key.</summary>
    public WorkerRun StartOtherHolder() => Add(new(new TemporalWorker(
        Client, new TemporalWorkerOptions(Names.NodeQueue(World.Signer!.OtherNode)).AddAllActivities(NodeFakes).AddAllActivities(new SignerFakes(World)))));

    /// <summary>Starts a move of the key to the world's node.</summary>
    public async Task<Run> MoveAsync(Func<SignerMoveInput, SignerMoveInput>? change = null)
    {
        var input = new SignerMoveInput { Node = World.Node, Mode = RunMode.Practice, Operator = "alice", Reason = "its host goes away" };
        input = change?.Invoke(input) ?? input;
        var handle = await Client.StartWorkflowAsync((SignerMoveWorkflow w) => w.RunAsync(input), new($"move-{Guid.NewGuid():N}", Control));
        return new(handle);
    }

    /// <summary>Starts RB-DR-006 on the world's node.</summary>
    public async Task<Run> RestoreAsync(Func<BackupRestoreInput, BackupRestoreInput>? change = null)
    {
        var input = new BackupRestoreInput { Node = World.Node, Mode = RunMode.Practice, Operator = "alice", Reason = "disk lost" };
        input = change?.Invoke(input) ?? input;
        var handle = await Client.StartWorkflowAsync(
            (BackupRestoreWorkflow w) => w.RunAsync(input), new($"restore-{Guid.NewGuid():N}", Control));
        return new(handle);
    }

    /// <summary>Starts RB-DR-001 on the world's node.</summary>
    public async Task<Run> CureAsync(Func<NodeFailureInput, NodeFailureInput>? change = null)
    {
        var input = new NodeFailureInput { Node = World.Node, Mode = RunMode.Practice, Operator = "alice", Reason = "it does not answer" };
        input = change?.Invoke(input) ?? input;
        var handle = await Client.StartWorkflowAsync((NodeFailureWorkflow w) => w.RunAsync(input), new($"cure-{Guid.NewGuid():N}", Control));
        return new(handle);
    }

    /// <summary>Starts RB-DR-004 on the world's node.</summary>
    public async Task<Run> RecoverAsync(Func<DataCorruptionInput, DataCorruptionInput>? change = null)
    {
        var input = new DataCorruptionInput { Node = World.Node, Mode = RunMode.Practice, Operator = "alice", Reason = "its app hash is wrong" };
        input = change?.Invoke(input) ?? input;
        var handle = await Client.StartWorkflowAsync((DataCorruptionWorkflow w) => w.RunAsync(input), new($"recover-{Guid.NewGuid():N}", Control));
        return new(handle);
    }

    /// <summary>Starts RB-DR-002 on the world's lost zone.</summary>
    public async Task<Run> FailOverZoneAsync(Func<ZoneFailoverInput, ZoneFailoverInput>? change = null)
    {
        var input = new ZoneFailoverInput { Region = World.Region, Zone = ClusterWorld.Lost, Mode = RunMode.Practice, Operator = "alice", Reason = "it is dark", Watch = TimeSpan.Zero };
        input = change?.Invoke(input) ?? input;
        return new(await Client.StartWorkflowAsync((ZoneFailoverWorkflow w) => w.RunAsync(input), new($"zone-{Guid.NewGuid():N}", Control)));
    }

    /// <summary>Starts the failback of the world's zone.</summary>
    public async Task<Run> FailBackZoneAsync(Func<ZoneFailbackInput, ZoneFailbackInput>? change = null)
    {
        var input = new ZoneFailbackInput { Region = World.Region, Zone = ClusterWorld.Lost, Mode = RunMode.Practice, Operator = "alice", Reason = "it is back", Watch = TimeSpan.Zero, Settle = TimeSpan.Zero };
        input = change?.Invoke(input) ?? input;
        return new(await Client.StartWorkflowAsync((ZoneFailbackWorkflow w) => w.RunAsync(input), new($"back-{Guid.NewGuid():N}", Control)));
    }

    /// <summary>Starts the toy runbook.</summary>
    public async Task<Run> ToyAsync(Func<ToyInput, ToyInput>? change = null)
    {
        var input = new ToyInput { Target = World.Node };
        input = change?.Invoke(input) ?? input;
        var handle = await Client.StartWorkflowAsync((ToyRunbook w) => w.RunAsync(input), new($"toy-{Guid.NewGuid():N}", Control));
        return new(handle);
    }

    /// <summary>A run that somebody else started.</summary>
    public Run Open(string id) => new(Client.GetWorkflowHandle(id));

    /// <summary>Starts the repair of a run that ended without releasing its locks, by dave.</summary>
    public async Task<Run> RepairAsync(RunHandover left, bool adopt = false, Run? of = null, string? digest = null)
    {
        ArgumentNullException.ThrowIfNull(left);
        var (holder, first) = of is null ? (left.WorkflowId, left.FirstRunId) : (of.Id, (await of.Handle.DescribeAsync()).RunId);
        var input = RepairInput.Of(new(left, holder, first, adopt, digest ?? UndoLines.RepairDigest(left, adopt)), "dave", "it was terminated");
        return new(await Client.StartWorkflowAsync(left.Runbook, [input], new(RepairInput.IdOf(holder, first), Control)));
    }

    /// <summary>Starts any workflow.</summary>
    public Task<WorkflowHandle> StartAsync(string workflow, object input) =>
        Client.StartWorkflowAsync(workflow, [input], new($"{workflow}-{Guid.NewGuid():N}", Control));

    /// <summary>Whether the node's lock is held now.</summary>
    public async Task<bool> LockedAsync()
    {
        try
        {
            return (await Client.GetWorkflowHandle(LockId).DescribeAsync()).Status == Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running;
        }
        catch (Temporalio.Exceptions.RpcException e) when (e.Code == Temporalio.Exceptions.RpcException.StatusCode.NotFound)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
        {
            await worker.DisposeAsync();
        }
    }

    private WorkerRun Add(WorkerRun run)
    {
        workers.Add(run);
        return run;
    }
}
