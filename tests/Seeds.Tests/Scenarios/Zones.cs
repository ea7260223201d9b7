using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Zones;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>A zone is emptied and brought home, while calls are lost and repeated and people abort.</summary>
public static class Zones
{
    private static readonly string[] Calls =
    [
        "estate.zone", "cluster.look", "cluster.look", "cluster.cordon", "cluster.cordon", "cluster.scale", "cluster.scale", "cluster.evict", "cluster.await-rollout", "cluster.uncordon", "chain.await-healthy",
        "notify.send", "evidence.write",
    ];

    /// <summary>Away, and home when that is over.</summary>
    public static Scenario AwayAndHome { get; } = new()
    {
        Name = "zone",
        Workflows = [typeof(ZoneFailoverWorkflow), typeof(ZoneFailbackWorkflow)],
        Prepare = (world, dice) =>
        {
            world.FormerIsWhole = true;
            world.Cluster = new ClusterWorld { Dark = !dice.Happens(0.2, "zone/lit"), Held = dice.Below(3, "zone/held"), Places = dice.One("zone/places", 10, 10, 10, 3) };
            Some.Faults(world, dice, Calls);
        },
        Begin = async stage =>
        {
            var world = stage.World;
            await stage.StartAsync(WorkflowTypes.ZoneFailover, new ZoneFailoverInput
            {
                Region = world.Region,
                Zone = ClusterWorld.Lost,
                Mode = RunMode.Practice,
                Operator = "alice",
                Reason = "it is dark",
                Watch = stage.Dice.One("input/watch", TimeSpan.Zero, TimeSpan.FromHours(1)),
            }, "away");
            RunOperator.LookAfter(stage, "away", stage.Dice.Below(3, "operator/wild"));
            stage.Desk.Plan(stage.Dice.Time(TimeSpan.FromHours(6), "home"), async () =>
            {
                world.Cluster!.Dark = false;
                await stage.StartAsync(WorkflowTypes.ZoneFailback, new ZoneFailbackInput { Region = world.Region, Zone = ClusterWorld.Lost, Mode = RunMode.Practice, Operator = "alice", Reason = "it is back" }, "home");
                RunOperator.LookAfter(stage, "home", stage.Dice.Below(3, "operator/wild2"));
            });
        },
        Check = account => [.. CommonRules.Check(account), .. Check(account)],
    };

    private static IEnumerable<string> Check(Account account)
    {
        var cluster = account.World.Cluster!;
        foreach (var broken in cluster.Broken)
        {
            yield return broken;
        }

        if (account.Runs.Any(run => run.Status == Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Terminated))
        {
            yield break;
        }

        var before = new ClusterWorld().Summary;
        var home = account.Runs.SingleOrDefault(run => run.Type == WorkflowTypes.ZoneFailback)?.State?.Outcome;
        var away = account.Runs.SingleOrDefault(run => run.Type == WorkflowTypes.ZoneFailover)?.State?.Outcome;
        var asBefore = cluster.Summary == before;
        if (home == RunOutcome.Succeeded && !asBefore)
        {
            yield return $"all is home, but the cluster is {cluster.Summary}, not {before}";
        }

        if (away is RunOutcome.RolledBack or RunOutcome.Denied or RunOutcome.Aborted && !asBefore)
        {
            yield return $"the failover is {away}, but the cluster is {cluster.Summary}, not {before}";
        }
    }
}
