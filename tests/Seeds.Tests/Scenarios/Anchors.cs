using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Workflows.Anchors;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>Trust anchors: agreed on, signed, kept, or a failure that people are told of.</summary>
public static class Anchors
{
    private const string Id = "anchors";

    /// <summary>One of them.</summary>
    public static Scenario Keep { get; } = new()
    {
        Name = WorkflowTypes.TrustAnchors,
        Workflows = [typeof(TrustAnchorsWorkflow)],
        Prepare = (world, dice) =>
        {
            world.References = dice.Happens(0.8, "world/references") ? [new("full-9"), new("full-8"), new("full-7")] : world.References;
            world.Sync.Disagree = dice.Happens(0.2, "world/disagree") ? ["full-7 says something else"] : [];
            world.NotifyWorks = !dice.Happens(0.1, "world/mute");
            Some.Faults(world, dice, [
                "estate.node", "estate.backed-up-nodes", "anchors.agree", "anchors.sign", "anchors.keep:us-east-1", "anchors.keep:eu-west-1", "anchors.keep:ap-south-1", "notify.send"]);
        },
        Begin = stage => stage.StartAsync(WorkflowTypes.TrustAnchors, new AnchorInput(), Id),
        Check = account => [.. CommonRules.Check(account), .. Kept(account)],
    };

    private static IEnumerable<string> Kept(Account account)
    {
        var run = account.Runs.Single(r => r.WorkflowId == Id);
        if (run.ResultAs<AnchorOutcome>() is not { } outcome)
        {
            if (run.Failure is null)
            {
                yield return "it kept no anchor and did not fail";
            }

            yield break;
        }

        var missing = outcome.Kept.Where(kept => !account.World.Sync.Kept.ContainsKey(kept.Region)).Select(kept => kept.Region).ToArray();
        if (missing.Length > 0 || outcome.Kept.Count == 0)
        {
            yield return $"it says that it kept the anchor where it is not: {string.Join(", ", missing)}";
        }

        if (outcome.Kept.Count < 3 && outcome.Problems.Count == 0)
        {
            yield return "a region does not have the anchor and nothing says so";
        }

        if (account.World.Sync.Disagree.Count > 0 && !outcome.Problems.Any(problem => problem.Contains("full-7", StringComparison.Ordinal)))
        {
            yield return "an RPC disagreed and nothing says so";
        }
    }
}
