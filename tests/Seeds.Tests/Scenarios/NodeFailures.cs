using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>RB-DR-001 on a node that failed in some way, or did not.</summary>
public static class NodeFailures
{
    private const string Id = "cure";

    private static readonly string[] Calls =
    [
        "estate.node", "repository.choose", "node.observe", "chain.power", "chain.health", "restore.staged", "restore.stage", "restore.verify-staged", "node.stop",
        "restore.swapped", "restore.swap", "node.start", "chain.await-healthy", "chain.reconcile", "restore.swap-back", "notify.send", "evidence.write",
        "anchors.find", "anchors.agree", "statesync.source", "statesync.look", "statesync.stage", "statesync.configure", "statesync.await", "statesync.restore-configuration",
    ];

    /// <summary>One node.</summary>
    public static Scenario Cure { get; } = new()
    {
        Name = "cure",
        Workflows = [typeof(NodeFailureWorkflow)],
        Prepare = Prepare,
        Begin = async stage =>
        {
            await stage.StartAsync(WorkflowTypes.NodeFailure, Input(stage), Id);
            RunOperator.LookAfter(stage, Id, stage.Dice.Below(3, "operator/wild"));
        },
        Check = account => [.. RestoreRules.Check(account, WorkflowTypes.NodeFailure), .. Check(account)],

        // 222: a restore that was asked for never ended a process that a signal had stopped.
        Known = [222],
    };

    private static NodeFailureInput Input(Stage stage) => new()
    {
        Node = stage.World.Node,
        Cure = stage.Dice.One("input/cure", Cures.Auto, Cures.Auto, Cures.Auto, Cures.Restart, Cures.Restore, Cures.StateSync),
        Mode = stage.Dice.Happens(0.05, "input/dry") ? RunMode.DryRun : RunMode.Practice,
        Operator = "alice",
        Reason = "it does not answer",
    };

    private static void Prepare(World world, Dice dice)
    {
        world.Healthy = !dice.Happens(0.15, "world/unhealthy");
        world.FormerIsWhole = dice.Happens(0.5, "world/whole");
        world.DataPresent = !dice.Happens(0.1, "world/gone");
        world.Kind = dice.Happens(0.1, "world/validator") ? NodeKind.Validator : NodeKind.Full;
        world.HoldsConsensusKey = dice.Happens(0.05, "world/key");
        world.Process = dice.One("world/process", ProcessState.Stopped, ProcessState.Stopped, ProcessState.Stopped, ProcessState.Running, ProcessState.Frozen);
        world.Hung = dice.Happens(0.7, "world/hung");
        world.Symptoms = dice.One<IReadOnlyList<Symptom>>(
            "world/symptom", [], [], [], [], [new(Symptoms.CorruptStore, "manifest corrupted")], [new(Symptoms.UpgradeNeeded, "UPGRADE \"v2\" NEEDED at height: 7")],
            [new(Symptoms.ConflictingVote, "found conflicting vote from ourselves")]);
        world.Findings = dice.One<IReadOnlyList<string>>(
            "world/finding", [HealthFindings.Standing], [HealthFindings.Standing], [HealthFindings.AppHashDiffers], [HealthFindings.CatchingUp], [HealthFindings.Standing, HealthFindings.ChainStands]);
        world.NotifyWorks = !dice.Happens(0.1, "world/mute");
        world.Newer = dice.Happens(0.1, "world/newer") ? ["2000-backup-2"] : [];
        // Three others that share this node's queue: a queue without a worker would hold virtual time.
        world.References = dice.Happens(0.5, "world/references") ? [new(world.Node), new(world.Node), new(world.Node)] : world.References;
        world.ChainHeight = dice.Happens(0.5, "world/far") ? 101_200 : world.ChainHeight;
        world.Sync.SnapshotHeight = world.ChainHeight - 20;
        world.Sync.Works = !dice.Happens(0.3, "world/no-snapshots");
        world.Sync.Refusal = dice.Happens(0.1, "world/pruning-nothing") ? "it keeps all history" : null;
        var period = dice.One("world/watch", TimeSpan.Zero, TimeSpan.FromMinutes(10), TimeSpan.FromHours(24));
        world.Watch = new() { Period = period };
        world.RelapseAt = dice.Happens(0.1, "world/relapse") ? world.Time.GetUtcNow() + TimeSpan.FromMinutes(5) + dice.Time(period + TimeSpan.FromMinutes(1), "world/relapse-at") : null;
        Some.Faults(world, dice, Calls);
    }

    private static IEnumerable<string> Check(Account account)
    {
        var world = account.World;
        foreach (var run in account.Runs.Where(r => r.Type == WorkflowTypes.NodeFailure && r.State is not null))
        {
            var restored = world.Data == "backup" || (world.Data == "synced" && world.Sync.Synced);
            if (run.State!.Outcome == RunOutcome.Succeeded && (world.Process != ProcessState.Running || !(restored || world.FormerIsWhole)))
            {
                yield return $"{run.WorkflowId} succeeded, but the node is {world.Process} on {world.Data} data";
            }

            if (run.State.Outcome is RunOutcome.Succeeded or RunOutcome.Partial or RunOutcome.RolledBack or RunOutcome.Aborted && world.Sync.Settings is not null && account.Runs.All(r => r.Status != Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Terminated))
            {
                yield return $"{run.WorkflowId} is {run.State.Outcome}, and the settings of a state sync still stand in config.toml";
            }

            if ((world.Kind != NodeKind.Full || world.HoldsConsensusKey || world.Sync.Refusal is not null) && world.Acts.Any(a => a.Activity == "statesync.configure"))
            {
                yield return $"{run.WorkflowId} state-synced a node that must not be";
            }

            if (world.Symptoms.Any(s => s.Kind == Symptoms.ConflictingVote) && world.Acts.Any(a => a.Activity is "node.start" or "restore.swap"))
            {
                yield return $"{run.WorkflowId} touched a node whose log tells of two signers";
            }
        }
    }
}
