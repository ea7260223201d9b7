using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Runbooks;
using VirtEngine.DR.Workflows.Signers;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>A key goes from one machine to another, however calls are lost, repeated and cut off: two machines never sign, and a success is one signer.</summary>
public static class SignerMoves
{
    private const string Id = "move";

    private static readonly string[] Calls =
    [
        "estate.node", "node.observe", "node.stop", "node.start", "chain.power", "chain.await-healthy", "signer.observe", "signer.seal", "signer.fence", "signer.await-silence", "signer.check-ends", "signer.judge",
        "signer.slot", "signer.put", "signer.record", "signer.await-signature", "signer.fence", "signer.put", "signer.record",
    ];

    /// <summary>One move.</summary>
    public static Scenario Move { get; } = new()
    {
        Name = "move-signer",
        Workflows = [typeof(SignerMoveWorkflow)],
        Prepare = Prepare,
        Begin = async stage =>
        {
            await stage.StartAsync(WorkflowTypes.SignerMove, Input(stage), Id);
            RunOperator.LookAfter(stage, Id, stage.Dice.Below(3, "operator/wild"));
        },
        Check = account => [.. RestoreRules.Check(account, WorkflowTypes.SignerMove), .. Check(account)],
    };

    /// <summary>A move from a machine that two people say is gone for good: nobody asks it, and it signs no more.</summary>
    public static Scenario Ended { get; } = Move with
    {
        Name = "move-signer-ended",
        Prepare = (world, dice) =>
        {
            Prepare(world, dice);
            world.Signer!.OtherSigns = false;
        },
        Begin = async stage =>
        {
            await stage.StartAsync(WorkflowTypes.SignerMove, Input(stage) with { Ended = [stage.World.Signer!.Ended(stage.Dice.One<long>("ended/below", 3, 3, 3, 2))] }, Id);
            RunOperator.LookAfter(stage, Id, stage.Dice.Below(3, "operator/wild"));
        },
        Check = account => [.. RestoreRules.Check(account, WorkflowTypes.SignerMove), .. Check(account, ended: true)],
    };

    /// <summary>A move and a cure of the same validator, begun at nearly one moment.</summary>
    public static Scenario Contested { get; } = Move with
    {
        Name = "move-signer-contested",
        Workflows = [typeof(SignerMoveWorkflow), typeof(NodeFailureWorkflow)],
        Begin = async stage =>
        {
            await stage.StartAsync(WorkflowTypes.SignerMove, Input(stage), Id);
            RunOperator.LookAfter(stage, Id, stage.Dice.Below(2, "operator/wild"));
            stage.Desk.Plan(Some.Moment(stage, "second"), async () =>
            {
                await stage.StartAsync(WorkflowTypes.NodeFailure, new NodeFailureInput { Node = stage.World.Node, Mode = RunMode.Practice, Operator = "alice", Reason = "it does not sign" }, "cure");
                RunOperator.LookAfter(stage, "cure", stage.Dice.Below(2, "operator/wild2"));
            });
        },
        Check = account => [.. CommonRules.Check(account), .. RestoreRules.Runbooks(account), .. Check(account)],
    };

    private static SignerMoveInput Input(Stage stage) => new() { Node = stage.World.Node, Mode = RunMode.Practice, Operator = "alice", Reason = "its host goes away" };

    private static void Prepare(World world, Dice dice)
    {
        world.Kind = NodeKind.Validator;
        world.Process = dice.One("world/process", ProcessState.Stopped, ProcessState.Stopped, ProcessState.Stopped, ProcessState.Frozen);
        world.Hung = true;
        world.FormerIsWhole = true;
        world.Signer = new SignerWorld
        {
            Grant = 0,
            Other = "system-9/disk-9",
            Holder = "system-9/disk-9",
            OtherSigns = !dice.Happens(0.3, "signer/other-stopped"),
            OtherFile = dice.Happens(0.2, "signer/other-lost") ? null : new Hrs(1000, 0, 3),
            File = dice.Happens(0.5, "signer/file") ? new Hrs(0, 0, 0) : null,
            Halted = dice.Happens(0.2, "signer/halted"),
        };
        Some.Faults(world, dice, Calls);
    }

    private static IEnumerable<string> Check(Account account, bool ended = false)
    {
        var signer = account.World.Signer!;
        foreach (var broken in signer.Broken)
        {
            yield return "the validator " + broken;
        }

        if (signer.OtherSigns && account.World.Process == ProcessState.Running)
        {
            yield return "two machines sign";
        }

        if (account.World.Acts.Any(act => act.Activity == "node.start" && act.Key.Direction == "undo"))
        {
            yield return "an abort started a signer";
        }

        foreach (var put in signer.Objects.Where(put => put.Floor < (signer.OtherFile ?? Hrs.Zero)))
        {
            yield return $"epoch {put.Epoch} has floor {put.Floor}, below what the former holder signed";
        }

        foreach (var put in signer.Objects.Where(put => signer.Halted && put.Approvals.Where(one => one.What == SilenceRules.HaltedApproval).Select(one => one.By).Distinct().Count() < 2))
        {
            yield return $"epoch {put.Epoch} was granted on a halted chain by {string.Join(", ", put.Approvals)}";
        }

        foreach (var run in account.Runs.Where(r => r.Type == WorkflowTypes.SignerMove && r.State?.Outcome == RunOutcome.Succeeded))
        {
            if (account.World.Process != ProcessState.Running || signer.Grant != signer.Epoch || signer.Holder != SignerWorld.Machine || (signer.OtherFence < signer.Epoch && !ended))
            {
                yield return $"{run.WorkflowId} succeeded, but the validator is {account.World.Process}, grant {signer.Grant}, epoch {signer.Epoch} of {signer.Holder}, the former's fence {signer.OtherFence}";
            }
        }
    }
}
