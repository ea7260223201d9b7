using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>RB-DR-006 in its three forms.</summary>
public static class Restores
{
    private const string Id = "restore";
    private const string Second = "second";
    private const int MostRounds = 90;
    private static readonly TimeSpan Rounds = TimeSpan.FromHours(2);

    private static readonly string[] Calls =
    [
        "estate.node", "repository.choose", "node.observe", "restore.staged", "chain.observe", "restore.stage", "restore.verify-staged", "node.stop", "restore.swapped",
        "restore.swap", "node.start", "chain.await-healthy", "chain.reconcile", "restore.swap-back", "home.observe", "home.prepare", "home.make-node-key",
        "home.unprepare", "home.remove-node-key", "notify.send", "evidence.write",
    ];

    /// <summary>A node's data.</summary>
    public static Scenario Chain { get; } = new()
    {
        Name = "restore",
        Workflows = [typeof(BackupRestoreWorkflow), typeof(LockWorkflow)],
        Prepare = Prepare,
        Begin = stage => BeginAsync(stage, i => i),
        Check = RestoreRules.Check,

        // 91, 136: after a relapse, an abort or a denial at the next plan's gate said that nothing had been changed.
        Known = [91, 136],
    };

    /// <summary>A node whose home was lost.</summary>
    public static Scenario LostHome { get; } = Chain with
    {
        Name = "lost-home",
        Known = [],
        Prepare = (world, dice) =>
        {
            Prepare(world, dice);
            (world.Home, world.NodeId, world.Process) = ("lost", null, ProcessState.Stopped);
        },
    };

    /// <summary>Only the configuration.</summary>
    public static Scenario Configuration { get; } = Chain with
    {
        Name = "restore-configuration",
        Known = [],
        Prepare = (world, dice) =>
        {
            Prepare(world, dice);
            world.Home = dice.One("world/home", "whole", "partial", "lost");
        },
        Begin = stage => BeginAsync(stage, i => i with { Kind = BackupKinds.Configuration }),
    };

    /// <summary>Two people for one node: the second one's incident is of a higher class.</summary>
    public static Scenario Contested { get; } = Chain with
    {
        Name = "restore-contested",
        Known = [],
        Begin = async stage =>
        {
            await BeginAsync(stage, i => i with { IncidentClass = "D1", Mode = RunMode.Practice });
            var within = stage.Dice.One("second/within", TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(20), TimeSpan.FromHours(20));
            stage.Desk.Plan(stage.Dice.Time(within, "second"), () => SecondAsync(stage, Second, "D4"));
            stage.Desk.Plan(Rounds, () => CareAsync(stage, [Id, Second], 0));
        },
    };

    /// <summary>Starts another restore of the node.</summary>
    public static async Task SecondAsync(Stage stage, string id, string incident)
    {
        ArgumentNullException.ThrowIfNull(stage);
        await stage.StartAsync(
            WorkflowTypes.BackupRestore,
            new BackupRestoreInput { Node = stage.World.Node, Mode = RunMode.Practice, Operator = "erin", Reason = "corrupted", IncidentClass = incident }, id);
        RunOperator.LookAfter(stage, id, 0);
    }

    /// <summary>Somebody looks after the repairs too that a run starts by itself when it cannot finish what was handed over to it.</summary>
    private static async Task CareAsync(Stage stage, List<string> known, int rounds)
    {
        var open = false;
        for (var n = 0; n < known.Count; n++)
        {
            string first;
            try
            {
                first = (await stage.Client.GetWorkflowHandle(known[n]).DescribeAsync()).RunId;
            }
            catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
            {
                open = true;
                continue;
            }

            open |= (await stage.LookAsync(known[n])).Open;
            var repair = RepairInput.IdOf(known[n], first);
            if (!known.Contains(repair) && (await stage.LookAsync(repair)).State is not null)
            {
                known.Add(repair);
                RunOperator.LookAfter(stage, repair, 0);
            }
        }

        if (open && rounds < MostRounds)
        {
            stage.Desk.Plan(Rounds, () => CareAsync(stage, known, rounds + 1));
        }
    }

    private static void Prepare(World world, Dice dice)
    {
        world.Healthy = !dice.Happens(0.15, "world/unhealthy");
        world.Kind = dice.Happens(0.1, "world/validator") ? NodeKind.Validator : NodeKind.Full;
        world.HoldsConsensusKey = dice.Happens(0.05, "world/key");
        world.Process = dice.Happens(0.15, "world/stopped") ? ProcessState.Stopped : ProcessState.Running;
        world.Staged = dice.One("world/staged", "none", "none", "none", "partial", "complete");
        world.NotifyWorks = !dice.Happens(0.1, "world/mute");
        world.Newer = dice.Happens(0.1, "world/newer") ? ["2000-backup-2"] : [];
        world.Approvals = new() { Required = dice.One("world/approvals", 1, 1, 2) };
        var period = dice.One("world/watch", TimeSpan.Zero, TimeSpan.FromMinutes(10), TimeSpan.FromHours(24));
        world.Watch = new() { Period = period };
        world.RelapseAt = dice.Happens(0.1, "world/relapse") ? world.Time.GetUtcNow() + TimeSpan.FromMinutes(5) + dice.Time(period + TimeSpan.FromMinutes(1), "world/relapse-at") : null;
        Some.Faults(world, dice, Calls);
    }

    private static async Task BeginAsync(Stage stage, Func<BackupRestoreInput, BackupRestoreInput> change)
    {
        var input = change(new BackupRestoreInput
        {
            Node = stage.World.Node,
            Mode = stage.Dice.Happens(0.05, "input/dry") ? RunMode.DryRun : RunMode.Practice,
            Operator = "alice",
            Reason = "disk lost",
            IncidentClass = stage.Dice.One("input/class", "D1", "D4"),
        });
        await stage.StartAsync(WorkflowTypes.BackupRestore, input, Id);
        var one = RunOperator.LookAfter(stage, Id, stage.Dice.Below(3, "operator/wild"));
        stage.Desk.Plan(TimeSpan.FromHours(6), () => RepairAsync(stage, one));
    }

    /// <summary>A run that was terminated is repaired by somebody else, long after its lock said that it is orphaned.</summary>
    private static async Task RepairAsync(Stage stage, RunOperator one)
    {
        if (!one.Terminated || (await stage.LookAsync(Id)).State?.Handover is not { Input: not null } left)
        {
            return;
        }

        var first = (await stage.Client.GetWorkflowHandle(Id).DescribeAsync()).RunId;
        var adopt = stage.Dice.Happens(0.3, "repair/adopt");
        var takeover = new Takeover(left, Id, first, adopt, UndoLines.RepairDigest(left, adopt));
        var repair = RepairInput.IdOf(Id, first);
        await stage.StartAsync(left.Runbook, RepairInput.Of(takeover, "dave", "it was terminated"), repair);
        RunOperator.LookAfter(stage, repair, 0);
    }
}
