using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>RB-DR-001 and RB-DR-006 on a validator under the interlock: however its calls are lost, repeated and cut off, it never starts where it could sign twice.</summary>
public static class ValidatorFailures
{
    private const string Id = "cure-validator";

    private static readonly string[] Calls =
    [
        "node.observe", "node.stop", "node.start", "restore.swap", "chain.await-healthy", "signer.observe", "signer.seal", "signer.fence", "signer.await-silence", "signer.judge", "signer.slot", "signer.put",
        "signer.record", "signer.await-signature", "signer.put", "signer.record",
    ];

    /// <summary>One validator.</summary>
    public static Scenario Cure { get; } = new()
    {
        Name = "cure-validator",
        Workflows = [typeof(NodeFailureWorkflow)],
        Prepare = Prepare,
        Begin = async stage =>
        {
            await stage.StartAsync(WorkflowTypes.NodeFailure, Input(stage), Id);
            RunOperator.LookAfter(stage, Id, stage.Dice.Below(3, "operator/wild"));
        },
        Check = account => [.. RestoreRules.Check(account, WorkflowTypes.NodeFailure), .. Check(account, WorkflowTypes.NodeFailure)],
    };

    /// <summary>RB-DR-006 on one validator.</summary>
    public static Scenario Restore { get; } = Cure with
    {
        Name = "restore-validator",
        Workflows = [typeof(BackupRestoreWorkflow)],
        Prepare = (world, dice) =>
        {
            Prepare(world, dice);
            (world.FormerIsWhole, world.DataPresent) = (false, !dice.Happens(0.5, "world/gone"));
        },
        Begin = async stage =>
        {
            await stage.StartAsync(WorkflowTypes.BackupRestore, new BackupRestoreInput { Node = stage.World.Node, Mode = RunMode.Practice, Operator = "alice", Reason = "disk lost" }, Id);
            RunOperator.LookAfter(stage, Id, stage.Dice.Below(3, "operator/wild"));
        },
        Check = account => [.. RestoreRules.Check(account), .. Check(account, WorkflowTypes.BackupRestore)],
    };

    private static NodeFailureInput Input(Stage stage) => new()
    {
        Node = stage.World.Node,
        Cure = stage.Dice.One("input/cure", Cures.Auto, Cures.Auto, Cures.Restart, Cures.Restore),
        Mode = RunMode.Practice,
        Operator = "alice",
        Reason = "it does not sign",
    };

    private static void Prepare(World world, Dice dice)
    {
        world.Kind = NodeKind.Validator;
        world.FormerIsWhole = dice.Happens(0.7, "world/whole");
        world.Process = dice.One("world/process", ProcessState.Stopped, ProcessState.Stopped, ProcessState.Running, ProcessState.Frozen);
        world.Hung = true;
        world.Signer = new SignerWorld
        {
            File = dice.Happens(0.6, "signer/lost") ? null : new Hrs(1000, 0, 3),
            Fence = dice.Happens(0.2, "signer/fenced") ? 3 : 0,
        };
        world.Signer.Filled = Math.Max(1, world.Signer.Fence);
        Some.Faults(world, dice, Calls);
    }

    private static IEnumerable<string> Check(Account account, string type)
    {
        var signer = account.World.Signer!;
        foreach (var broken in signer.Broken)
        {
            yield return "the validator " + broken;
        }

        if (account.World.Acts.Any(act => act.Activity == "node.start" && act.Key.Direction == "undo"))
        {
            yield return "an abort started a signer";
        }

        foreach (var run in account.Runs.Where(r => r.Type == type && r.State?.Outcome == RunOutcome.Succeeded))
        {
            if (account.World.Process != ProcessState.Running || signer.Grant != signer.Epoch || signer.Grant < signer.Fence || signer.File is null)
            {
                yield return $"{run.WorkflowId} succeeded, but the validator is {account.World.Process}, grant {signer.Grant}, epoch {signer.Epoch}, fence {signer.Fence}, file {signer.File}";
            }
        }
    }
}
