using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>RB-DR-001 on what is no chain's node: a provider daemon, an API gateway, a monitoring server.</summary>
public static class ComponentFailures
{
    private const string Id = "component";

    private static readonly string[] Calls =
    [
        "estate.node", "repository.choose", "repository.choose:configuration", "node.observe", "chain.power", "probe.look", "restore.staged", "restore.stage", "restore.verify-staged",
        "node.stop", "restore.swapped", "restore.swap", "node.start", "probe.await-healthy", "restore.swap-back", "home.observe", "home.prepare", "home.unprepare", "notify.send", "evidence.write",
    ];

    /// <summary>A provider daemon, whose state can be restored.</summary>
    public static Scenario Provider { get; } = new()
    {
        Name = "provider-failure",
        Workflows = [typeof(NodeFailureWorkflow)],
        Prepare = (world, dice) => Prepare(world, dice, NodeKind.Provider),
        Begin = async stage =>
        {
            await stage.StartAsync(WorkflowTypes.NodeFailure, Input(stage), Id);
            RunOperator.LookAfter(stage, Id, stage.Dice.Below(3, "operator/wild"));
        },
        Check = account => [.. RestoreRules.Check(account, WorkflowTypes.NodeFailure), .. Check(account)],
    };

    /// <summary>An API gateway or a monitoring server, which have only their configuration.</summary>
    public static Scenario Gateway { get; } = Provider with
    {
        Name = "gateway-failure",
        Prepare = (world, dice) => Prepare(world, dice, dice.One("world/kind", NodeKind.Gateway, NodeKind.Gateway, NodeKind.Monitoring)),
        Check = account => [.. CommonRules.Check(account), .. RestoreRules.Runbooks(account), .. Check(account)],
    };

    private static NodeFailureInput Input(Stage stage) => new()
    {
        Node = stage.World.Node,
        Cure = stage.Dice.One("input/cure", Cures.Auto, Cures.Auto, Cures.Auto, Cures.Restart, Cures.Restore, Cures.StateSync),
        Mode = stage.Dice.Happens(0.05, "input/dry") ? RunMode.DryRun : RunMode.Practice,
        Operator = "alice",
        Reason = "its probe is red",
    };

    private static void Prepare(World world, Dice dice, NodeKind kind)
    {
        world.Kind = kind;
        world.HasProbe = !dice.Happens(0.1, "world/no-probe");
        world.Healthy = !dice.Happens(0.15, "world/unhealthy");
        world.FormerIsWhole = dice.Happens(0.6, "world/whole");
        world.DataPresent = !dice.Happens(0.1, "world/gone");
        world.Process = dice.One("world/process", ProcessState.Stopped, ProcessState.Stopped, ProcessState.Stopped, ProcessState.Running, ProcessState.Frozen);
        world.Hung = dice.Happens(0.7, "world/hung");
        if (dice.Happens(0.25, "world/home"))
        {
            (world.Home, world.Process) = ("lost", ProcessState.Stopped);
        }

        world.Symptoms = dice.One<IReadOnlyList<Symptom>>("world/symptom", [], [], [], [], [new(Symptoms.CorruptStore, "opening storage failed")], [new(Symptoms.NoSpace, "no space left on device")]);
        world.Findings = dice.One<IReadOnlyList<string>>(
            "world/finding", [HealthFindings.BadAnswer], [HealthFindings.Stale], [HealthFindings.OldBlock], [HealthFindings.OldBlock, HealthFindings.ChainStands], [HealthFindings.Untrusted]);
        world.NotifyWorks = !dice.Happens(0.1, "world/mute");
        world.Newer = dice.Happens(0.1, "world/newer") ? ["2000-backup-2"] : [];
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
            if (run.State!.Outcome == RunOutcome.Succeeded && (world.Process != ProcessState.Running || world.Home == "lost" || !(world.Data == "backup" || world.FormerIsWhole)))
            {
                yield return $"{run.WorkflowId} succeeded, but it is {world.Process} on {world.Data} data with a {world.Home} home";
            }

            if (run.State.Outcome == RunOutcome.Succeeded && !world.HasProbe)
            {
                yield return $"{run.WorkflowId} succeeded without a probe: nothing proved it";
            }

            if (world.Acts.Any(a => a.Activity.StartsWith("statesync", StringComparison.Ordinal)))
            {
                yield return $"{run.WorkflowId} state-synced what is no chain's node";
            }

            if (world.Kind != NodeKind.Provider && world.Acts.Any(a => a.Activity.StartsWith("restore.swap", StringComparison.Ordinal)))
            {
                yield return $"{run.WorkflowId} replaced data that is not backed up";
            }
        }
    }
}
