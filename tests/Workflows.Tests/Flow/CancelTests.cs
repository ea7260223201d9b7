using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Flow;

/// <summary>Cancel from the Temporal UI in each phase: an abort by "Temporal UI", never a half-done world.</summary>
public sealed class CancelTests(DevServer server)
{
    [Fact]
    public async Task Cancel_WhilePlanning_AbortsWithoutAnAct()
    {
        await using var harness = Harness.Start(server);
        var hold = harness.World.Faults.HoldNext("toy.measure");
        var run = await harness.ToyAsync();
        await hold.Entered;

        await run.Handle.CancelAsync();
        await run.WhenAsync(s => s.Journal.Any(j => j is { Actor: "Temporal UI", Event: "verb.abort" }));
        hold.Release();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Aborted, state.Outcome);
        Assert.Empty(harness.World.Acts);
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Cancel_AtAGate_Aborts()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.ToyAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);

        await run.Handle.CancelAsync();

        Assert.Equal(RunOutcome.Aborted, (await run.ResultAsync()).Outcome);
        Assert.False(await harness.LockedAsync());
    }

    [Theory]
    [InlineData("running")]
    [InlineData("paused")]
    [InlineData("parked")]
    [InlineData("gate")]
    [InlineData("unwinding")]
    public async Task Cancel_AfterTheFirstAct_ShowsTheUnwindingAndUnwindsWhenConfirmed(string phase)
    {
        await using var harness = Harness.Start(server);
        var faults = harness.World.Faults;
        Hold? hold = phase is "running" or "paused" ? faults.HoldNext("toy.set:b2") : null;
        if (phase == "parked")
        {
            faults.Fail("toy.set:b2");
        }

        var run = await harness.ToyAsync(i => i with { Gates = phase is "gate" or "unwinding" });
        switch (phase)
        {
            case "running" or "paused":
                await hold!.Entered;
                if (phase == "paused")
                {
                    await run.DoAsync(Verbs.Pause);
                }

                break;
            case "parked":
                await run.WhenAsync(RunPhase.Parked);
                break;
            default:
                await run.ApproveAsync();
                await run.WhenAsync(s => s.Gates[1].Open);
                break;
        }

        if (phase == "unwinding")
        {
            hold = faults.HoldNext("toy.set:b2");
            await run.AbortAsync();
            await hold.Entered;
        }

        await run.Handle.CancelAsync();
        hold?.Release();
        if (phase != "unwinding")
        {
            var shown = await run.WhenAsync(s => s.Unwinding is not null);
            Assert.DoesNotContain(harness.World.Acts, a => a.Key.Direction == "undo");
            Assert.True(await harness.LockedAsync());
            await run.DoAsync(Verbs.Abort, new() { By = "bob", Digest = shown.Unwinding!.Digest });
        }

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.All(new[] { "a", "b1", "b2" }, s => Assert.Equal("off", harness.World.Switches[s]));
        Assert.False(await harness.LockedAsync());
        Assert.Single(harness.World.Evidence);
    }
}
