using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Replay.Tests;

/// <summary>The records of RB-DR-002 and of the way home.</summary>
public sealed partial class RecordTests
{
    [Fact(Explicit = true)]
    public async Task Record_ZoneThatIsEmptiedAndBroughtHome()
    {
        await using var harness = Harness.Start(server, node: false);
        harness.World.FormerIsWhole = true;
        var cluster = harness.World.Cluster = new ClusterWorld { Held = 1, Dark = true };
        var away = await harness.FailOverZoneAsync();
        await away.ApproveAsync();
        await away.WhenAsync(RunPhase.Parked);
        await away.DoAsync(Verbs.Retry);
        Assert.Equal(RunOutcome.Succeeded, (await away.ResultAsync()).Outcome);
        cluster.Dark = false;
        var home = await harness.FailBackZoneAsync();
        await home.ApproveAsync();
        Assert.Equal(RunOutcome.Succeeded, (await home.ResultAsync()).Outcome);

        await SaveAsync(away.Handle, WorkflowTypes.ZoneFailover, "held-by-a-budget");
        await SaveAsync(home.Handle, WorkflowTypes.ZoneFailback, "all-home");
    }

    [Fact(Explicit = true)]
    public async Task Record_ZoneFailoverThatIsUnwound()
    {
        await using var harness = Harness.Start(server, node: false);
        harness.World.Cluster = new ClusterWorld { Dark = true };
        harness.World.Faults.Fail("cluster.await-rollout");
        var run = await harness.FailOverZoneAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);
        await run.AbortAsync();
        Assert.Equal(RunOutcome.RolledBack, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.ZoneFailover, "unwound");
    }
}
