using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Runbooks;

/// <summary>Several vantage points: a cut network is told from a failed node, and a host that is gone from both.</summary>
public sealed class VantageTests(DevServer server)
{
    [Fact]
    public async Task Run_CutFromEverybodyOutside_IsUnreachableAndNotRestarted()
    {
        await using var harness = Harness.Start(server);
        harness.World.FormerIsWhole = true;
        harness.World.Vantages = ["v-" + harness.World.Node];
        harness.StartVantage(harness.World.Vantages[0]);
        harness.World.CutFrom = ["control", harness.World.Vantages[0]];

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Empty(harness.World.Acts);
        var text = string.Join('\n', state.Journal.Select(j => j.Text));
        Assert.Contains("is Unreachable: it answers on its own host, and nobody outside gets an answer", text, StringComparison.Ordinal);
        Assert.Contains("a restart would mend nothing", text, StringComparison.Ordinal);
        Assert.Contains("its own host: healthy", state.Facts.Single(f => f.Name == "views").Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AnotherRegionSeesItHealthy_IsUnreachableAndNotRestarted()
    {
        await using var harness = Harness.Start(server);
        harness.World.FormerIsWhole = true;
        harness.World.Vantages = ["v-" + harness.World.Node];
        harness.StartVantage(harness.World.Vantages[0]);
        harness.World.CutFrom = ["control"];

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Empty(harness.World.Acts);
        Assert.Contains($"the worker of {harness.World.Vantages[0]} sees it healthy", string.Join('\n', state.Journal.Select(j => j.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NobodyGetsAnAnswerNotEvenItsHost_IsStuckAndRestarted()
    {
        await using var harness = Harness.Start(server);
        harness.World.FormerIsWhole = true;
        harness.World.CutFrom = ["control", harness.World.Node];
        harness.World.OnStart = world => world.CutFrom = [];

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["node.stop", "node.start"], harness.World.Acts.Select(a => a.Activity));
    }

    [Fact]
    public async Task Run_HostGoneAndAStandby_RestoresItThereAndProvesIt()
    {
        await using var harness = Harness.Start(server, node: false);
        harness.World.CutFrom = ["control"];
        harness.World.Standby = new("s-" + harness.World.Node) { Process = ProcessState.Stopped, DataPresent = false };
        harness.StartStandby();

        var run = await harness.CureAsync();
        await run.WhenAsync(s => s.Steps.Any(step => step.Id == "class"), TimeSpan.FromSeconds(100));
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Empty(harness.World.Acts);
        Assert.Equal("Running/backup", harness.World.Standby.Summary);
        Assert.Equal(["restore.stage", "restore.swap", "node.start"], harness.World.Standby.Acts.Select(a => a.Activity));
        Assert.Contains("Unreachable", state.Steps.Single(s => s.Id == "class").Detail, StringComparison.Ordinal);
        Assert.Contains(state.Missing, text => text.Contains($"{harness.World.Standby.Node} stands in for {harness.World.Node}", StringComparison.Ordinal));
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Run_StandbyThatMaySign_IsRefused()
    {
        await using var harness = Harness.Start(server);
        harness.World.Process = ProcessState.Stopped;
        harness.World.Standby = new("s-" + harness.World.Node) { HoldsConsensusKey = true };
        harness.StartStandby();

        var state = await (await harness.CureAsync(i => i with { Cure = Cures.Standby })).ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Empty(harness.World.Standby.Acts);
        Assert.Contains("it may sign", string.Join('\n', state.Journal.Select(j => j.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_StandbyThatDoesNotComeUp_ParksAndAbortLeadsBack()
    {
        await using var harness = Harness.Start(server);
        harness.World.Process = ProcessState.Stopped;
        harness.World.Standby = new("s-" + harness.World.Node) { Process = ProcessState.Stopped, Healthy = false };
        harness.StartStandby();
        var run = await harness.CureAsync(i => i with { Cure = Cures.Standby });

        await run.WhenAsync(RunPhase.Parked);
        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Equal("Stopped/former", harness.World.Standby.Summary);
    }

    [Fact]
    public async Task Run_WithoutAStandby_SaysSo()
    {
        await using var harness = Harness.Start(server);

        var state = await (await harness.CureAsync(i => i with { Cure = Cures.Standby })).ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Contains($"standbyFor: {harness.World.Node}", string.Join('\n', state.Journal.Select(j => j.Text)), StringComparison.Ordinal);
    }
}
