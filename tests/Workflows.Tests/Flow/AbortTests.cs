using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Flow;

public sealed class AbortTests(DevServer server)
{
    [Fact]
    public async Task Abort_Confirmed_UnwindsLastInFirstOutAndKeepsContainment()
    {
        await using var harness = Harness.Start(server);
        var run = await AtTheSecondGateAsync(harness);

        await run.DoAsync(Verbs.Abort);
        var shown = await run.WhenAsync(s => s.Unwinding is not null);
        Assert.Equal(RunPhase.Unwinding, shown.Phase);
        Assert.DoesNotContain(harness.World.Acts, a => a.Key.Direction == "undo");
        Assert.False((await run.DoAsync(Verbs.Abort, new() { By = "bob", Digest = shown.Plan!.Digest })).Accepted);
        Assert.False((await run.DoAsync(Verbs.Abort)).Accepted);
        Assert.True((await run.DoAsync(Verbs.Abort, new() { By = "bob", Digest = shown.Unwinding!.Digest })).Accepted);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        var undone = harness.World.Acts.Where(a => a.Key.Direction == "undo").Select(a => a.Activity).ToArray();
        Assert.Equal(["a=off", "b1=off", "b2=off"], undone.Order(StringComparer.Ordinal));
        Assert.Equal("a=off", undone[^1]);
        Assert.Equal("on", harness.World.Switches["keep"]);
        Assert.Contains("keep stays on", state.Missing);
        Assert.Equal(StepStatus.Kept, state.Steps.First(s => s.Id == "keep").Status);
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Abort_Withdrawn_GoesOn()
    {
        await using var harness = Harness.Start(server);
        var run = await AtTheSecondGateAsync(harness);

        await run.DoAsync(Verbs.Abort);
        await run.WhenAsync(s => s.Unwinding is not null);
        await run.DoAsync(Verbs.Resume);
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Null(state.Unwinding);
        Assert.DoesNotContain(harness.World.Acts, a => a.Key.Direction == "undo");
    }

    [Fact]
    public async Task Abort_AfterTheCommitIsScheduled_IsRefusedAlsoFromTheUi()
    {
        await using var harness = Harness.Start(server);
        var hold = harness.World.Faults.HoldNext("toy.set:commit");
        var run = await harness.ToyAsync(i => i with { Gates = false });
        await hold.Entered;

        var reply = await run.DoAsync(Verbs.Abort);
        await run.Handle.CancelAsync();
        var refused = await run.WhenAsync(s => s.Journal.Any(j => j.Actor == "Temporal UI"));
        hold.Release();
        var state = await run.ResultAsync();

        Assert.False(reply.Accepted);
        Assert.Contains("no return", reply.Message, StringComparison.Ordinal);
        Assert.Contains(refused.Journal, j => j is { Actor: "Temporal UI", Event: "verb.refused" });
        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Contains(harness.World.Notifications, n => n.Summary.Contains("cancellation was refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Undo_APersonChangedTheWorld_AsksAndIsLeftOutOnlyWithAnApproval()
    {
        await using var harness = Harness.Start(server);
        var run = await AtTheSecondGateAsync(harness);
        harness.World.Switches["b2"] = "maintenance";

        await run.AbortAsync();
        var parked = await run.WhenAsync(s => s.Phase == RunPhase.Parked);
        Assert.Contains("a person changed it", parked.Headline, StringComparison.Ordinal);
        Assert.True(await harness.LockedAsync());
        await run.DoAsync(Verbs.Skip);
        var gate = (await run.WhenAsync(s => s.Gates.Any(g => g.Open))).Gates.First(g => g.Open);
        Assert.Equal("skip-b2", gate.Name);
        Assert.False((await run.DoAsync(Verbs.Approve, new() { By = "alice", Gate = gate.Name, Digest = parked.Unwinding!.Digest })).Accepted);
        Assert.False((await run.DoAsync(Verbs.Approve, new() { By = "carol", Gate = gate.Name, Digest = parked.Plan!.Digest })).Accepted);
        await run.DoAsync(Verbs.Approve, new() { By = "carol", Gate = gate.Name, Digest = parked.Unwinding!.Digest });
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Equal("maintenance", harness.World.Switches["b2"]);
        Assert.Equal("off", harness.World.Switches["a"]);
        Assert.Contains(state.Missing, m => m.Contains("b2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Undo_Fails_ParksHoldsTheLockAndIsRetried()
    {
        await using var harness = Harness.Start(server);
        var run = await AtTheSecondGateAsync(harness);
        harness.World.Faults.Fail("toy.set:b2");

        await run.AbortAsync();
        await run.WhenAsync(RunPhase.Parked);
        Assert.True(await harness.LockedAsync());
        Assert.True((await run.DoAsync(Verbs.Retry, new() { By = "bob", Step = "b2" })).Accepted);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Equal("off", harness.World.Switches["b2"]);
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Undo_DeclaredPartialState_IsActedOn()
    {
        await using var harness = Harness.Start(server);
        var run = await AtTheSecondGateAsync(harness);
        harness.World.Switches["a"] = "half";

        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Equal("off", harness.World.Switches["a"]);
    }

    [Fact]
    public async Task Undo_OfAnActWhoseAnswerWasLostBeforeItLanded_FencesTheLateAct()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("toy.set:a", ErrorTypes.Unavailable);
        var run = await harness.ToyAsync(i => i with { Gates = false });
        await run.WhenAsync(RunPhase.Parked);

        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        var undo = Assert.Single(harness.World.Acts);
        Assert.Equal("undo", undo.Key.Direction);
        var late = undo.Key with { Direction = "do", Number = undo.Key.Number - 1 };
        Assert.Equal(ErrorTypes.Fenced, Assert.Throws<Temporalio.Exceptions.ApplicationFailureException>(() => harness.World.Admit("a=on", late, "a")).ErrorType);
    }

    [Fact]
    public async Task Retry_AfterALostAnswer_KeepsTheFirstObservationForTheUndo()
    {
        await using var harness = Harness.Start(server);
        harness.World.Switches["a"] = "dim";
        harness.World.Faults.LoseAnswer("toy.set:a");
        var run = await harness.ToyAsync(i => i with { Gates = false });
        await run.WhenAsync(RunPhase.Parked);
        var hold = harness.World.Faults.HoldNext("toy.set:keep");

        await run.DoAsync(Verbs.Retry);
        await hold.Entered;
        await run.DoAsync(Verbs.Abort);
        hold.Release();
        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Equal("dim", harness.World.Switches["a"]);
        Assert.Equal(2, harness.World.Acts.Count(a => a.Key.Step == "a"));
    }

    private static async Task<Run> AtTheSecondGateAsync(Harness harness)
    {
        var run = await harness.ToyAsync();
        await run.ApproveAsync();
        await run.WhenAsync(s => s.Gates[1].Open);
        return run;
    }
}
