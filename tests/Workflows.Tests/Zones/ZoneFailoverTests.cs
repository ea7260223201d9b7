using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Zones;

/// <summary>RB-DR-002 and the way home, on a cluster in memory.</summary>
public sealed class ZoneFailoverTests(DevServer server)
{
    [Fact]
    public async Task Run_DarkZone_IsEmptiedAndTheRegionMadeWhole_AndValidatorsStay()
    {
        await using var harness = Start(out var cluster);
        string[] validators = Pods(cluster, "validator");

        var run = await harness.FailOverZoneAsync();
        var waiting = await run.WhenAsync(RunPhase.AwaitingApproval);
        Assert.Equal(1, waiting.Gates.Single().Required);
        await run.ApproveAsync();

        var done = await run.WhenAsync(RunPhase.Closed);
        Assert.Equal(RunOutcome.Succeeded, done.Outcome);
        Assert.All(cluster.Machines.Where(one => one.Zone == ClusterWorld.Lost), one => Assert.True(one.Cordoned && one.By == run.Id));
        var now = cluster.Observe(DateTimeOffset.UtcNow);
        Assert.Equal([3, 4, 1], now.Workloads.Select(one => one.Desired));
        Assert.DoesNotContain(now.Pods, pod => pod.Zone == ClusterWorld.Lost && pod.Workload != "validator" && !pod.Leaving);
        Assert.Equal(validators, Pods(cluster, "validator"));
        Assert.Empty(cluster.Broken);
        Assert.Contains(done.Missing.Concat(done.Journal.Select(entry => entry.Text)), line => line.Contains("ZoneFailback", StringComparison.Ordinal));
        Assert.NotNull(done.Clock.ProvenAt);
    }

    [Fact]
    public async Task Run_ZoneThatLooksHealthy_AsksTwoPeople()
    {
        await using var harness = Start(out _, dark: false);

        var run = await harness.FailOverZoneAsync();
        var waiting = await run.WhenAsync(RunPhase.AwaitingApproval);

        Assert.Equal(2, waiting.Gates.Single().Required);
        Assert.Contains("most of its machines were ready", waiting.Gates.Single().Question, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoRoomElsewhere_ParksBeforeAnythingIsChanged()
    {
        await using var harness = Start(out var cluster);
        cluster.Places = 2;
        string before = cluster.Summary;

        var run = await harness.FailOverZoneAsync();
        var parked = await run.WhenAsync(RunPhase.Parked);

        Assert.Contains("no room outside a for", parked.Steps.Single(step => step.Id == "preflight").Error, StringComparison.Ordinal);
        Assert.Equal(before, cluster.Summary);
        await run.AbortAsync();
        Assert.Equal(RunOutcome.Aborted, (await run.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Run_BudgetHoldsAnEviction_ParksAndGoesOnWhenItLetsGo()
    {
        await using var harness = Start(out var cluster);
        cluster.Held = 1;

        var run = await harness.FailOverZoneAsync();
        await run.ApproveAsync();
        var parked = await run.WhenAsync(RunPhase.Parked);
        Assert.Contains("disruption budget", parked.Steps.Single(step => step.Id == "evict").Error, StringComparison.Ordinal);
        await run.DoAsync(Verbs.Retry);

        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);
    }

    [Theory]
    [InlineData("cluster.cordon")]
    [InlineData("cluster.scale")]
    [InlineData("cluster.evict")]
    [InlineData("cluster.await-rollout")]
    public async Task Run_AbortedWhereAStepFails_LeavesEverythingAsItWas(string failing)
    {
        await using var harness = Start(out var cluster);
        string before = cluster.Summary;
        harness.World.Faults.Fail(failing);

        var run = await harness.FailOverZoneAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);
        await run.AbortAsync();

        Assert.Equal(RunOutcome.RolledBack, (await run.ResultAsync()).Outcome);
        Assert.Equal(before, cluster.Summary);
    }

    [Fact]
    public async Task Run_WorkerKilledBetweenTwoMachines_AndAborted_LiftsWhatItCordonedAndNoMore()
    {
        await using var harness = Start(out var cluster);
        cluster.Machines[2].Cordoned = true;
        string before = cluster.Summary;
        harness.World.Faults.Fail("cluster.cordon");
        var run = await harness.FailOverZoneAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);

        // What an act that ended half done leaves: one machine of its own; another one is a person's.
        (cluster.Machines[0].Cordoned, cluster.Machines[0].By) = (true, run.Id);
        await run.AbortAsync();

        Assert.Equal(RunOutcome.RolledBack, (await run.ResultAsync()).Outcome);
        Assert.Equal(before, cluster.Summary);
    }

    [Theory]
    [InlineData("cluster.cordon")]
    [InlineData("cluster.scale")]
    [InlineData("cluster.evict")]
    public async Task Run_AnswerLost_IsSeenDoneWhenRetried(string activity)
    {
        await using var harness = Start(out var cluster);
        harness.World.Faults.LoseAnswer(activity);

        var run = await harness.FailOverZoneAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);
        await run.DoAsync(Verbs.Retry);

        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);
        Assert.Equal(3, cluster.Workloads[0].Desired);
        Assert.Equal(2, cluster.Workloads[0].Former);
    }

    [Fact]
    public async Task Run_SomebodyScaledMeanwhile_IsNotOverwrittenByTheUndo()
    {
        await using var harness = Start(out var cluster);
        harness.World.Faults.Fail("cluster.evict");
        var run = await harness.FailOverZoneAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);
        cluster.Workloads[0].Desired = 6;

        await run.AbortAsync();
        var asking = await run.WhenAsync(state => state.Steps.Any(step => step.Id == "scale-fullnode" && step.Error is not null));

        Assert.Contains("a person changed it", asking.Steps.Single(step => step.Id == "scale-fullnode").Error, StringComparison.Ordinal);
        Assert.Equal(6, cluster.Workloads[0].Desired);
        await run.DoAsync(Verbs.Skip, new() { By = "bob", Step = "scale-fullnode", Why = "six are wanted" });
        await run.ApproveGateAsync("carol");
        Assert.Equal(RunOutcome.Failed, (await run.ResultAsync()).Outcome);
        Assert.Equal(6, cluster.Workloads[0].Desired);
    }

    [Fact]
    public async Task Failback_AfterAFailover_BringsAllHome_AndLeavesPeoplesCordonsAlone()
    {
        await using var harness = Start(out var cluster);
        string before = cluster.Summary;
        var away = await harness.FailOverZoneAsync();
        await away.ApproveAsync();
        Assert.Equal(RunOutcome.Succeeded, (await away.ResultAsync()).Outcome);
        cluster.Dark = false;

        var home = await harness.FailBackZoneAsync();
        await home.ApproveAsync();

        Assert.Equal(RunOutcome.Succeeded, (await home.ResultAsync()).Outcome);
        Assert.Equal(before, cluster.Summary);

        cluster.Machines[0].Cordoned = true;
        var nothing = await harness.FailBackZoneAsync();
        var failed = await nothing.WhenAsync(RunPhase.Closed);
        Assert.Contains("nothing to bring home", failed.Headline, StringComparison.Ordinal);
        Assert.True(cluster.Machines[0].Cordoned);
    }

    [Fact]
    public async Task Failback_WhileTheZoneIsStillDark_ParksBeforeAnythingIsChanged()
    {
        await using var harness = Start(out var cluster);
        var away = await harness.FailOverZoneAsync();
        await away.ApproveAsync();
        await away.ResultAsync();
        string before = cluster.Summary;

        var home = await harness.FailBackZoneAsync();
        await home.ApproveAsync();
        var parked = await home.WhenAsync(RunPhase.Parked);

        Assert.Contains("not good for", parked.Steps.Single(step => step.Id == "settled").Error, StringComparison.Ordinal);
        Assert.Equal(before, cluster.Summary);
    }

    [Fact]
    public async Task Run_WrongInput_SaysAllAtOnce()
    {
        await using var harness = Start(out _);

        var run = await harness.FailOverZoneAsync(input => input with { Zone = "", IncidentClass = "D1", Rollout = TimeSpan.Zero });
        var failure = await run.FailureAsync();

        Assert.Equal(ErrorTypes.InvalidInput, failure!.ErrorType);
        Assert.Contains("zone: is missing", failure.Message, StringComparison.Ordinal);
        Assert.Contains("incidentClass: \"D1\" is not D2", failure.Message, StringComparison.Ordinal);
        Assert.Contains("rollout:", failure.Message, StringComparison.Ordinal);
    }

    private static string[] Pods(ClusterWorld cluster, string workload) => [.. cluster.Observe(DateTimeOffset.UtcNow).Pods.Where(pod => pod.Workload == workload).Select(pod => pod.Uid)];

    private Harness Start(out ClusterWorld cluster, bool dark = true)
    {
        var harness = Harness.Start(server, node: false);
        harness.World.FormerIsWhole = true;
        cluster = harness.World.Cluster = new ClusterWorld();
        cluster.Dark = dark;
        return harness;
    }
}
