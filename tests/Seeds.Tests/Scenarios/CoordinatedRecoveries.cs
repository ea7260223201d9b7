using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Recovery;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Corruption;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>RB-DR-004 on a chain that stands: others come back in time, late, or never; people say so, or not.</summary>
public static class CoordinatedRecoveries
{
    private const string Id = "together";

    private static readonly string[] Calls =
    [
        "estate.node", "node.observe", "chain.compare", "forensics.preserve", "stores.look", "stores.check", "rollback.look", "rollback.one", "node.stop", "node.start", "chain.await-healthy",
        "recovery-plan.facts", "recovery-plan.sign", "recovery-plan.keep", "recovery-plan.keep", "notify.send", "evidence.write",
    ];

    /// <summary>One node of ours.</summary>
    public static Scenario Together { get; } = new()
    {
        Name = "recover-together",
        Workflows = [typeof(DataCorruptionWorkflow)],
        Prepare = (world, dice) =>
        {
            world.Kind = NodeKind.Full;
            world.Process = dice.One("world/process", ProcessState.Running, ProcessState.Stopped);
            (world.Corrupt.GoodHeight, world.Corrupt.ChainStands) = (1199, !dice.Happens(0.1, "corrupt/goes-on"));
            world.Plans.BackAt = dice.Happens(0.2, "plans/never") ? null : world.Time.GetUtcNow() + TimeSpan.FromMinutes(dice.Below(60 * 30, "plans/back"));
            Some.Faults(world, dice, Calls);
        },
        Begin = async stage =>
        {
            var input = new DataCorruptionInput
            {
                Node = stage.World.Node,
                Height = 1199,
                Coordinated = new() { Version = "v1", Within = TimeSpan.FromHours(24) },
                Mode = RunMode.Practice,
                Operator = "alice",
                Reason = "the chain stands",
            };
            await stage.StartAsync(WorkflowTypes.DataCorruption, input, Id);
            if (stage.Dice.Happens(0.3, "people/say"))
            {
                stage.Desk.Plan(TimeSpan.FromHours(stage.Dice.Below(30, "people/when")), () => stage.SendAsync(
                    "carol says that the others are back",
                    () => stage.Client.GetWorkflowHandle(Id).SignalAsync(DataCorruptionWorkflow.OthersReadyMessage, [new OthersReady("carol", "they told me", [])])));
            }

            RunOperator.LookAfter(stage, Id, stage.Dice.Below(3, "operator/wild"));
        },
        Check = account => [.. RestoreRules.Check(account, WorkflowTypes.DataCorruption), .. Check(account)],
    };

    private static IEnumerable<string> Check(Account account)
    {
        var world = account.World;
        foreach (var run in account.Runs.Where(r => r.Type == WorkflowTypes.DataCorruption && r.State is not null))
        {
            var state = run.State!;
            var waited = state.Steps.FirstOrDefault(step => step.Id == CoordinatedSteps.AwaitId)?.Status is StepStatus.Done or StepStatus.Skipped;
            if (!world.Corrupt.Rolled.IsEmpty && !waited && state.Outcome is not null)
            {
                yield return $"{run.WorkflowId} rolled back before the others were back";
            }

            if (world.Corrupt.Rolled.Any(one => one.Height.Hard))
            {
                yield return $"{run.WorkflowId} dropped a block that the chain committed";
            }

            var twoPeople = state.Journal.Count(entry => entry.Event == "gate.passed" && entry.Text.Contains("publish", StringComparison.Ordinal));
            if (!world.Plans.Kept.IsEmpty && twoPeople == 0)
            {
                yield return $"{run.WorkflowId} published a plan that nobody approved";
            }

            if (!world.Plans.Kept.IsEmpty && state.Outcome is RunOutcome.RolledBack && !state.Missing.Any(line => line.Contains("it is void", StringComparison.Ordinal)))
            {
                yield return $"{run.WorkflowId} went back, and nothing says that its plan is void";
            }
        }
    }
}
