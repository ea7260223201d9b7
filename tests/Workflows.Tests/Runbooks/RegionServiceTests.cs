using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Runbooks;

/// <summary>What RB-DR-001 says of the region's service and of the recovery point before it takes a node out.</summary>
public sealed class RegionServiceTests(DevServer server)
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Run_StopsAServingNode_AsksWhereFewerThanTwoAreLeft(int others, bool asks)
    {
        await using var harness = Harness.Start(server);
        harness.World.FormerIsWhole = true;
        harness.World.Holdings = Held(harness.World, others);
        var run = await harness.CureAsync(i => i with { Cure = Cures.Restart });
        if (asks)
        {
            var state = await run.WhenAsync(RunPhase.AwaitingApproval);
            Assert.Empty(harness.World.Acts);
            Assert.Equal("service", state.Gates.Single(g => g.Open).Name);
            await run.ApproveAsync();
        }

        var done = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, done.Outcome);
        Assert.Equal(["node.stop", "node.start"], harness.World.Acts.Select(a => a.Activity));
        Assert.Equal(asks, done.Plan!.Risks.Any(risk => risk.StartsWith("fewer than 2", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_NodeThatAnswersNobody_IsCuredWithoutAsking()
    {
        await using var harness = Harness.Start(server);
        (harness.World.Process, harness.World.FormerIsWhole) = (ProcessState.Stopped, true);
        harness.World.Holdings = Held(harness.World, 0);

        Assert.Equal(RunOutcome.Succeeded, (await (await harness.CureAsync()).ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Run_CountFails_CountsAsTooFew()
    {
        await using var harness = Harness.Start(server);
        harness.World.FormerIsWhole = true;
        harness.World.Holdings = Held(harness.World, 3);
        harness.World.Faults.Fail("rpo.measure", times: 20);
        var run = await harness.CureAsync(i => i with { Cure = Cures.Restart });

        var state = await run.WhenAsync(RunPhase.AwaitingApproval);

        Assert.Contains("could not be found out", state.Gates.Single(g => g.Open).Question, StringComparison.Ordinal);
        await run.DoAsync(Verbs.Deny, new() { By = "bob", Gate = "service", Digest = state.Plan!.Digest });
        Assert.Equal(RunOutcome.Denied, (await run.ResultAsync()).Outcome);
        Assert.Empty(harness.World.Acts);
    }

    [Fact]
    public async Task Run_OneRegionIsAhead_SaysWhatItsLossWouldTake()
    {
        await using var harness = Harness.Start(server);
        (harness.World.Process, harness.World.FormerIsWhole) = (ProcessState.Stopped, true);
        harness.World.Holdings = Held(harness.World, 2) with { Tip = 1205 };

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Contains("5 blocks", state.Facts.Single(f => f.Name == "rpo").Value, StringComparison.Ordinal);
        Assert.Contains("MISSED", state.Facts.Single(f => f.Name == "rpo").Value, StringComparison.Ordinal);
        Assert.Contains("rung 4", state.Facts.Single(f => f.Name == "backups").Value, StringComparison.Ordinal);
        Assert.Contains(state.Plan!.Risks, risk => risk.StartsWith("the recovery point objective", StringComparison.Ordinal));
        Assert.Contains(harness.World.Evidence, one => one.Facts.Any(f => f.Name == "rpo"));
    }

    private static Holdings Held(World world, int others)
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        HeldBlock[] blocks = [new(1200, "AA", at)];
        return new(at, 1200, at,
        [
            new(world.Node, world.Region, null, false, [], "does not answer"),
            .. Enumerable.Range(0, others).Select(i => new Holding($"other-{i}", world.Region, 1200, true, blocks, null)),
            new("far-0", "elsewhere", 1200, true, blocks, null), new("far-1", "elsewhere-2", 1200, true, blocks, null),
        ]);
    }
}
