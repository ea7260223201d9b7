using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Locks;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Flow;

/// <summary>A holder that acted hands its undo stack, journal and locks to a run of a higher rank.</summary>
public sealed class HandOverTests(DevServer server)
{
    [Fact]
    public async Task HandOver_HolderActed_IsNamedInTheNewPlanAndTheLockIsNeverFree()
    {
        await using var harness = Harness.Start(server);
        var drill = await AtTheSecondGateAsync(harness);
        var hold = harness.World.Faults.HoldNext("toy.measure");

        var live = await harness.ToyAsync(i => i with { Gates = false });
        var ended = await drill.ResultAsync();
        await hold.Entered;
        var state = await harness.Client.GetWorkflowHandle(harness.LockId).QueryAsync<LockState>("state", []);
        Assert.Equal(live.Id, Assert.Single(state.Holders).Holder.WorkflowId);
        hold.Release();
        var result = await live.ResultAsync();

        Assert.Equal(RunOutcome.Superseded, ended.Outcome);
        Assert.Contains(ended.Journal, j => j.Event == "handed-over" && j.Text.Contains(live.Id, StringComparison.Ordinal));
        Assert.Contains(ended.Missing, m => m.Contains("undo 1 a: back to off", StringComparison.Ordinal));
        Assert.Contains(result.Plan!.Bounds, b => b.Contains($"takes over from {drill.Id}", StringComparison.Ordinal) && b.Contains("1 a stays on", StringComparison.Ordinal));
        Assert.Contains(result.Journal, j => j.Event == "inherited" && j.Actor == drill.Id);
        Assert.Contains(result.Journal, j => j.Actor == drill.Id && j.Event == "undo.registered");
        Assert.Equal(RunOutcome.Partial, result.Outcome);
        Assert.Contains(result.Missing, m => m.StartsWith($"Of {drill.Id}: leave", StringComparison.Ordinal));
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task HandOver_TheNewRunIsAborted_ARepairOfTheFormerAsksAndUnwinds()
    {
        await using var harness = Harness.Start(server);
        var drill = await AtTheSecondGateAsync(harness);
        var live = await harness.ToyAsync();
        await live.WhenAsync(s => s.Phase == RunPhase.AwaitingApproval);
        Assert.Equal(RunOutcome.Superseded, (await drill.ResultAsync()).Outcome);

        await live.AbortAsync();
        var ended = await live.ResultAsync();
        Assert.Equal(RunOutcome.Aborted, ended.Outcome);
        var repair = harness.Open(RepairInput.IdOf(drill.Id, (await drill.StateAsync()).Handover!.FirstRunId));
        Assert.Contains(ended.Missing, m => m.Contains(repair.Id, StringComparison.Ordinal));
        Assert.True(await harness.LockedAsync());
        Assert.Equal("on", harness.World.Switches["a"]);

        await repair.ApproveGateAsync("carol");
        var repaired = await repair.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, repaired.Outcome);
        Assert.All(new[] { "a", "b1", "b2" }, s => Assert.Equal("off", harness.World.Switches[s]));
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task HandOver_InTheMiddleOfAStep_ComesAfterThatStepAndBeforeTheNext()
    {
        await using var harness = Harness.Start(server);
        var hold = harness.World.Faults.HoldNext("toy.set:a");
        var drill = await harness.ToyAsync(i => i with { Rank = 0, Gates = false });
        await hold.Entered;

        var live = await harness.ToyAsync();
        await drill.WhenAsync(s => s.Journal.Any(j => j.Event == "yield"));
        Assert.DoesNotContain((await live.StateAsync()).Journal, j => j.Event == "lock.taken");
        hold.Release();
        var ended = await drill.ResultAsync();

        Assert.Equal(RunOutcome.Superseded, ended.Outcome);
        Assert.Equal(["a"], ended.Handover!.Undo.Select(u => u.Step));
        Assert.Equal("off", harness.World.Switches.GetOrAdd("b1", "off"));
        var state = await live.WhenAsync(RunPhase.AwaitingApproval);
        Assert.Single(state.Handover!.Inherited);
        await live.Handle.TerminateAsync("test is over");
    }

    [Fact]
    public async Task Yield_WhileUnwinding_HandsOverWhatIsLeft()
    {
        await using var harness = Harness.Start(server);
        var drill = await AtTheSecondGateAsync(harness);
        var hold = harness.World.Faults.HoldNext("toy.set:b2");
        await drill.AbortAsync();
        await hold.Entered;

        var live = await harness.ToyAsync();
        await drill.WhenAsync(s => s.Journal.Any(j => j.Event == "yield"));
        hold.Release();
        var ended = await drill.ResultAsync();

        Assert.Equal(RunOutcome.Superseded, ended.Outcome);
        Assert.DoesNotContain(ended.Handover!.Undo, u => u.Step == "b2");
        Assert.Contains(ended.Handover.Undo, u => u.Step == "a");
        Assert.Equal("off", harness.World.Switches["b2"]);
        Assert.Equal("on", harness.World.Switches["a"]);
        await live.WhenAsync(RunPhase.AwaitingApproval);
        await live.Handle.TerminateAsync("test is over");
    }

    private static async Task<Run> AtTheSecondGateAsync(Harness harness)
    {
        var run = await harness.ToyAsync(i => i with { Rank = 0 });
        await run.ApproveAsync();
        await run.WhenAsync(s => s.Gates[1].Open);
        return run;
    }
}
