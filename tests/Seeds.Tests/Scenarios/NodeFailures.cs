using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>RB-DR-001: a node that crashed, hangs, is stuck or has lost its home.</summary>
public static class NodeFailures
{
    private const string Id = "cure";

    private static readonly string[] Calls =
    [
        "estate.node", "node.observe", "chain.health", "repository.choose", "restore.staged", "restore.stage", "restore.verify-staged", "node.stop", "restore.swapped",
        "restore.swap", "node.start", "chain.await-healthy", "chain.reconcile", "notify.send", "evidence.write",
    ];

    /// <summary>One node that failed.</summary>
    public static Scenario Cure { get; } = new()
    {
        Name = "cure",
        Workflows = [typeof(NodeFailureWorkflow), typeof(LockWorkflow)],
        Prepare = Prepare,
        Begin = BeginAsync,
        Check = Check,
    };

    private static void Prepare(World world, Dice dice)
    {
        world.Kind = dice.Happens(0.1, "world/validator") ? NodeKind.Validator : NodeKind.Full;
        world.Process = dice.Happens(0.6, "world/crashed") ? ProcessState.Stopped : ProcessState.Running;
        world.Healthy = world.Process == ProcessState.Stopped;
        world.FormerIsWhole = dice.Happens(0.5, "world/whole");
        world.OnStart = started => started.Healthy = true;
        world.Symptoms = dice.Happens(0.2, "world/torn") ? [new(Symptoms.CorruptStore, "leveldb: manifest corrupted")] : [];
        if (dice.Happens(0.15, "world/lost"))
        {
            (world.Home, world.NodeId, world.Process, world.Healthy) = ("lost", null, ProcessState.Stopped, true);
        }

        world.NotifyWorks = !dice.Happens(0.1, "world/mute");
        world.Watch = new() { Period = dice.One("world/watch", TimeSpan.Zero, TimeSpan.FromMinutes(10), TimeSpan.FromHours(24)) };
        Some.Faults(world, dice, Calls);
    }

    private static async Task BeginAsync(Stage stage)
    {
        await stage.StartAsync(WorkflowTypes.NodeFailure, new NodeFailureInput { Node = stage.World.Node, Mode = RunMode.Practice, Operator = "alice", Reason = "it fell silent" }, Id);
        RunOperator.LookAfter(stage, Id, stage.Dice.Below(3, "operator/wild"));
    }

    private static IEnumerable<string> Check(Account account)
    {
        foreach (var wrong in CommonRules.Check(account).Concat(RestoreRules.Runbooks(account)))
        {
            yield return wrong;
        }

        var world = account.World;
        if (account.Runs.Single(r => r.WorkflowId == Id).State?.Outcome == RunOutcome.Succeeded
            && world is not { Process: ProcessState.Running, Healthy: true })
        {
            yield return $"Succeeded, but the node is {world.Process} and {(world.Healthy ? "healthy" : "not healthy")}";
        }
    }
}
