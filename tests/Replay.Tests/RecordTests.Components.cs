using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Replay.Tests;

/// <summary>Components without a chain's RPC, vantage points and standbys.</summary>
public sealed partial class RecordTests
{
    [Theory(Explicit = true)]
    [InlineData(NodeKind.Gateway, "gateway-home-lost")]
    [InlineData(NodeKind.Provider, "provider-restored")]
    public async Task Record_CureOfAComponent(NodeKind kind, string name)
    {
        await using var harness = Harness.Start(server);
        (harness.World.Kind, harness.World.Process, harness.World.FormerIsWhole) = (kind, Contracts.Nodes.ProcessState.Stopped, kind == NodeKind.Gateway);
        harness.World.Home = kind == NodeKind.Gateway ? "lost" : "whole";
        harness.World.Watch = new() { Period = TimeSpan.FromSeconds(1) };
        var run = await harness.CureAsync();
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.NodeFailure, name);
    }

    [Fact(Explicit = true)]
    public async Task Record_CureByAStandby_WithVantagesAndACount()
    {
        await using var harness = Harness.Start(server);
        harness.World.Standby = new("s-" + harness.World.Node) { Process = Contracts.Nodes.ProcessState.Stopped, DataPresent = false };
        harness.World.Vantages = ["v-" + harness.World.Node];
        harness.World.CutFrom = ["control", harness.World.Vantages[0]];
        harness.World.FormerIsWhole = true;
        harness.World.Holdings = new(DateTimeOffset.UnixEpoch, null, null, []);
        harness.StartVantage(harness.World.Vantages[0]);
        harness.StartStandby();
        var run = await harness.CureAsync();
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.NodeFailure, "standby");
    }
}
