using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Flow;

public sealed class ParkTests(DevServer server)
{
    [Fact]
    public async Task Steps_IndependentOnesFail_AreNamedToRetryAndSkip()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("toy.set:b1");
        harness.World.Faults.Fail("toy.set:b2");
        var run = await harness.ToyAsync(i => i with { Gates = false });
        await run.WhenAsync(s => s.Phase == RunPhase.Parked);

        var bare = await run.DoAsync(Verbs.Retry);
        var notSkippable = await run.DoAsync(Verbs.Skip, new() { By = "bob", Step = "b2" });
        var unknown = await run.DoAsync(Verbs.Retry, new() { By = "bob", Step = "zzz" });
        var skip = await run.DoAsync(Verbs.Skip, new() { By = "bob", Step = "b1" });
        var retry = await run.DoAsync(Verbs.Retry, new() { By = "bob", Step = "b2" });
        var state = await run.ResultAsync();

        Assert.False(bare.Accepted);
        Assert.Contains("b1, b2", bare.Message, StringComparison.Ordinal);
        Assert.False(notSkippable.Accepted);
        Assert.False(unknown.Accepted);
        Assert.True(skip.Accepted);
        Assert.True(retry.Accepted);
        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.Contains(state.Missing, m => m.Contains("b1", StringComparison.Ordinal));
        Assert.Equal("off", harness.World.Switches["b1"]);
        Assert.Equal("on", harness.World.Switches["b2"]);
    }

    [Fact]
    public async Task Steps_OneOfTheIndependentFails_ItsSiblingEndsAndNoneStarts()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("toy.set:b1");
        var hold = harness.World.Faults.HoldNext("toy.set:b2");
        var run = await harness.ToyAsync(i => i with { Gates = false });
        await hold.Entered;
        await run.WhenAsync(s => s.Steps.First(x => x.Id == "b1").Status == StepStatus.Failed);
        hold.Release();

        var state = await run.WhenAsync(RunPhase.Parked);

        Assert.Equal(StepStatus.Done, state.Steps.First(s => s.Id == "b2").Status);
        Assert.Equal(StepStatus.Waiting, state.Steps.First(s => s.Id == "keep").Status);
        await run.AbortAsync();
        await run.ResultAsync();
    }

    [Fact]
    public async Task Pause_WhileAStepRuns_LetsItEndAndStartsNone()
    {
        await using var harness = Harness.Start(server);
        var hold = harness.World.Faults.HoldNext("toy.set:a");
        var run = await harness.ToyAsync(i => i with { Gates = false });
        await hold.Entered;

        await run.DoAsync(Verbs.Pause);
        hold.Release();
        var paused = await run.WhenAsync(s => s.Steps[0].Status == StepStatus.Done);
        Assert.Equal(RunPhase.Paused, paused.Phase);
        Assert.Equal(StepStatus.Waiting, paused.Steps[1].Status);
        await run.DoAsync(Verbs.Resume);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.True(state.Clock.Paused > TimeSpan.Zero);
        Assert.Contains(harness.World.Notifications, n => n.Summary.Contains("paused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pause_WhileUnwinding_StartsNoFurtherUndo()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.ToyAsync();
        await run.ApproveAsync();
        await run.WhenAsync(s => s.Gates[1].Open);
        var hold = harness.World.Faults.HoldNext("toy.set:b2");
        await run.AbortAsync();
        await hold.Entered;

        Assert.True((await run.DoAsync(Verbs.Pause)).Accepted);
        hold.Release();
        var state = await run.WhenAsync(s => s.Steps.First(x => x.Id == "b2").Status == StepStatus.Undone);
        Assert.Equal(RunPhase.Paused, state.Phase);
        Assert.Equal("on", harness.World.Switches["a"]);
        await run.DoAsync(Verbs.Resume);

        Assert.Equal(RunOutcome.RolledBack, (await run.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Switch_LeavesOutTheLostSideUnderANewPlanAndAGate()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("toy.set:lost");
        var run = await harness.ToyAsync(i => i with { Gates = false });
        var former = await run.WhenAsync(RunPhase.Parked);

        Assert.True((await run.DoAsync(Verbs.Switch)).Accepted);
        await run.DoAsync(Verbs.Retry);
        var state = await run.WhenAsync(s => s.Gates.Any(g => g.Open));
        Assert.Equal(2, state.Plan!.Number);
        Assert.NotEqual(former.Plan!.Digest, state.Plan.Digest);
        Assert.False((await run.DoAsync(Verbs.Switch)).Accepted);
        await run.ApproveAsync();
        var end = await run.ResultAsync();

        Assert.Equal(StepStatus.LeftOut, end.Steps.First(s => s.Id == "lost").Status);
        Assert.DoesNotContain(harness.World.Acts, a => a.Activity == "lost=on");
    }

    [Fact]
    public async Task Facts_CannotBeHad_ParkAndAreGatheredAgain()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("toy.measure", permanent: false, times: 4);
        var run = await harness.ToyAsync(i => i with { Gates = false });

        var parked = await run.WhenAsync(RunPhase.Parked);
        Assert.Null(parked.Plan);
        await run.DoAsync(Verbs.Retry, new() { By = "bob", Step = "facts" });

        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Notes_AreAlwaysTaken()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.ToyAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);

        await run.SignalAsync(Verbs.Note, new() { By = "bob", Why = "looking at it" });
        await run.DoAsync(Verbs.Acknowledge);
        await run.DoAsync(Verbs.HandOver, new() { By = "bob", To = "carol" });
        var state = await run.WhenAsync(s => s.Journal.Any(j => j.Event == "verb.note"));

        Assert.Contains(state.Journal, j => j.Actor == "bob" && j.Text.Contains("looking at it", StringComparison.Ordinal));
        Assert.EndsWith("carol", state.Operator, StringComparison.Ordinal);
        await run.AbortAsync();
        await run.ResultAsync();
    }
}
