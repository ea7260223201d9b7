using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Runbooks;

/// <summary>RB-DR-006 on a validator: its data comes back, and it starts only through the interlock.</summary>
public sealed class ValidatorRestoreTests(DevServer server)
{
    private static readonly string[] Restored = ["restore.stage", "node.stop", "restore.swap"];

    [Fact]
    public async Task Run_GrantAndFileThere_IsStartedThroughItsGateAndSigns()
    {
        await using var harness = Start();
        harness.World.Process = ProcessState.Running;

        var run = await harness.RestoreAsync();
        var waiting = await run.WhenAsync(RunPhase.AwaitingApproval);
        Assert.Equal(["restore"], waiting.Gates.Select(gate => gate.Name));
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal([.. Restored, "node.start"], harness.World.Acts.Select(act => act.Activity));
        Assert.Equal(["prove", "reconcile", "signs"], state.Steps.TakeLast(3).Select(step => step.Id));
        Assert.Contains("holds its signature", Step(state, "signs").Detail, StringComparison.Ordinal);
        Assert.Empty(harness.World.Signer!.Broken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_HrsFileLostOrOlder_GetsANewEpochAfterTheSwapAndBeforeTheStart(bool lost)
    {
        await using var harness = Start();
        harness.World.Signer!.File = lost ? null : new Hrs(10, 0, 3);
        harness.World.Signer.Floor = new Hrs(900, 0, 3);

        var run = await harness.RestoreAsync();
        var waiting = await run.WhenAsync(RunPhase.AwaitingApproval);
        Assert.Contains("HRS file", waiting.Gates.Single(gate => gate.Name == "signer").Question, StringComparison.Ordinal);
        Assert.Empty(harness.World.Acts);
        await ApproveBothAsync(run);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(
            ["restore.stage", "restore.swap", "signer.seal", "signer.fence", "signer.put", "signer.record", "node.start"],
            harness.World.Acts.Select(act => act.Activity).Where(act => act != "node.stop"));
        Assert.Equal(3, harness.World.Signer.Grant);
        Assert.True(harness.World.Signer.File >= Hrs.AfterHeight(1010));
        Assert.Equal(("bob", "grant"), harness.World.Signer.Objects.Single().Approvals.Select(approval => (approval.By, approval.What)).Single());
        Assert.Empty(harness.World.Signer.Broken);
    }

    [Fact]
    public async Task Run_NotEnrolled_IsRestoredAndStaysStopped()
    {
        await using var harness = Start();
        harness.World.Signer = null;

        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.Equal("Stopped/backup", harness.World.Summary);
        Assert.Contains(state.Missing, left => left.Contains("not enrolled on this host", StringComparison.Ordinal));
        Assert.DoesNotContain(harness.World.Acts, act => act.Activity == "node.start");
    }

    [Fact]
    public async Task Run_AnswerOfThePutLost_GoesOnWithTheEpochThatCounts()
    {
        await using var harness = Start();
        harness.World.Signer!.File = null;
        harness.World.Faults.LoseAnswer("signer.put");

        var run = await harness.RestoreAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        await ApproveBothAsync(run);
        await run.WhenAsync(RunPhase.Parked);
        await run.DoAsync(Verbs.Retry);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal((3, 1), (harness.World.Signer.Epoch, harness.World.Acts.Count(act => act.Activity == "signer.put")));
        Assert.Empty(harness.World.Signer.Broken);
    }

    [Fact]
    public async Task Run_AbortedAfterTheFence_SwapsBackAndStartsNobody()
    {
        await using var harness = Start();
        harness.World.Signer!.File = null;
        harness.World.Faults.Fail("signer.await-silence");

        var run = await harness.RestoreAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        await ApproveBothAsync(run);
        await run.WhenAsync(RunPhase.Parked);
        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Equal("Stopped/former", harness.World.Summary);
        Assert.DoesNotContain(harness.World.Acts, act => act.Activity is "signer.put" or "node.start");
        Assert.Contains(state.Missing, left => left.Contains("is fenced below epoch 3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_AnotherMachineMayHoldTheKey_ParksAndTheNodeStaysStopped()
    {
        await using var harness = Start();
        (harness.World.Signer!.File, harness.World.Signer.Other) = (null, "system-9/disk-9");

        var run = await harness.RestoreAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        await ApproveBothAsync(run);
        var parked = await run.WhenAsync(RunPhase.Parked);

        Assert.Contains("run SignerMove", Step(parked, "signer-fence").Error, StringComparison.Ordinal);
        await run.AbortAsync();
        await run.WhenAsync(RunPhase.Closed);
        Assert.Equal(ProcessState.Stopped, harness.World.Process);
        Assert.DoesNotContain(harness.World.Acts, act => act.Activity is "signer.put" or "node.start");
    }

    [Fact]
    public async Task Run_WholeHomeLost_StaysStoppedWithoutItsKeyAndFencesNobody()
    {
        await using var harness = Start();
        harness.World.Signer!.File = null;
        (harness.World.Home, harness.World.NodeId) = ("lost", null);

        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.Contains(state.Missing, left => left.Contains("run RB-DR-001", StringComparison.Ordinal));
        Assert.DoesNotContain(harness.World.Acts, act => act.Activity == "node.start" || act.Activity.StartsWith("signer.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_RelapseWithItsFileGone_AsksForTheNextEpoch()
    {
        await using var harness = Start();
        harness.World.Signer!.File = null;
        harness.World.Watch = new() { Period = TimeSpan.FromMinutes(10) };

        var run = await harness.RestoreAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        await ApproveBothAsync(run);
        await run.WhenAsync(RunPhase.Watching);

        (harness.World.Signer.File, harness.World.Process) = (null, ProcessState.Stopped);
        harness.World.Relapses.Enqueue("it ended");
        var again = await run.WhenAsync(state => state is { Phase: RunPhase.AwaitingApproval, Plan.Number: > 1 });
        Assert.Contains(again.Plan!.Bounds, bound => bound.Contains("epoch 5 of key", StringComparison.Ordinal));
        await ApproveBothAsync(run);
        await run.WhenAsync(state => state.Phase == RunPhase.Watching && state.Plan!.Number > 1);

        Assert.Equal(5, harness.World.Signer.Epoch);
        Assert.Empty(harness.World.Signer.Broken);
        await run.Handle.TerminateAsync("test is over");
    }

    /// <summary>Two gates of one plan, whichever of them is open first.</summary>
    private static async Task ApproveBothAsync(Run run)
    {
        for (var gates = 0; gates < 2; gates++)
        {
            var open = (await run.WhenAsync(state => state.Gates.Any(gate => gate.Open))).Gates.First(gate => gate.Open).Name;
            await run.ApproveAsync();
            await run.WhenAsync(state => !state.Gates.Any(gate => gate.Open && gate.Name == open));
        }
    }

    private Harness Start()
    {
        var harness = Harness.Start(server);
        harness.World.Kind = NodeKind.Validator;
        harness.World.Process = ProcessState.Stopped;
        harness.World.Signer = new SignerWorld();
        return harness;
    }

    private static StepState Step(RunState state, string id) => state.Steps.Single(step => step.Id == id);
}
