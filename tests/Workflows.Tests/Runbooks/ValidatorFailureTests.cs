using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Runbooks;

/// <summary>RB-DR-001 on a validator: only through the interlock.</summary>
public sealed class ValidatorFailureTests(DevServer server)
{
    [Fact]
    public async Task Run_CrashedWithItsGrant_IsStartedThroughItsGateWithoutAsking()
    {
        await using var harness = Start();

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Empty(state.Gates);
        Assert.DoesNotContain(harness.World.Acts, act => act.Activity.StartsWith("signer.", StringComparison.Ordinal));
        Assert.Contains("holds its signature", Step(state, "signs").Detail, StringComparison.Ordinal);
        Assert.Empty(harness.World.Signer!.Broken);
    }

    [Fact]
    public async Task Run_HrsFileLost_AsksForANewEpochBeforeItStarts()
    {
        await using var harness = Start();
        harness.World.Signer!.File = null;

        var run = await harness.CureAsync();
        var waiting = await run.WhenAsync(RunPhase.AwaitingApproval);
        Assert.Contains("HRS file", waiting.Gates.Single(gate => gate.Open).Question, StringComparison.Ordinal);
        Assert.Empty(harness.World.Acts);
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Closed);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["signer.seal", "signer.fence", "signer.put", "signer.record", "node.start"], harness.World.Acts.Select(act => act.Activity));
        Assert.Equal(3, harness.World.Signer.Grant);
        Assert.True(harness.World.Signer.File >= Hrs.AfterHeight(1010));
        Assert.Empty(harness.World.Signer.Broken);
    }

    [Fact]
    public async Task Run_AnotherMachineMayHoldTheKey_ParksAndFencesNobodyButItsOwn()
    {
        await using var harness = Start();
        harness.World.Signer!.File = null;
        harness.World.Signer.Other = "system-9/disk-9";

        var run = await harness.CureAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        await run.ApproveAsync();
        var parked = await run.WhenAsync(RunPhase.Parked);

        Assert.Contains("validator-9", Step(parked, "signer-fence").Error, StringComparison.Ordinal);
        await run.AbortAsync();
        await run.WhenAsync(RunPhase.Closed);
        var state = await run.ResultAsync();
        Assert.Equal(ProcessState.Stopped, harness.World.Process);
        Assert.Equal(1, harness.World.Signer.Epoch);
        Assert.DoesNotContain(harness.World.Acts, act => act.Activity is "signer.put" or "node.start");
        Assert.NotEqual(RunOutcome.Succeeded, state.Outcome);
    }

    [Fact]
    public async Task Run_AnswerOfThePutLost_IsRecordedOnceAndSignsOnce()
    {
        await using var harness = Start();
        harness.World.Signer!.File = null;
        harness.World.Faults.LoseAnswer("signer.put");

        var run = await harness.CureAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);
        await run.DoAsync(Verbs.Retry);
        await run.WhenAsync(RunPhase.Closed);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(3, harness.World.Signer.Epoch);
        Assert.Empty(harness.World.Signer.Broken);
    }

    [Fact]
    public async Task Run_HealthyValidatorWhoseGateWouldRefuseARestart_IsNotFenced()
    {
        await using var harness = Start();
        harness.World.Process = ProcessState.Running;
        harness.World.Signer!.Fence = harness.World.Signer.Filled = 3;

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Empty(harness.World.Acts);
        Assert.Equal(ProcessState.Running, harness.World.Process);
    }

    [Fact]
    public async Task Run_RelapseAfterAGrantWithItsFileGoneAgain_AsksForTheNextEpoch()
    {
        await using var harness = Start();
        harness.World.Signer!.File = null;
        harness.World.Watch = new() { Period = TimeSpan.FromMinutes(10) };

        var run = await harness.CureAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Watching);
        Assert.Equal(3, harness.World.Signer.Epoch);

        harness.World.Signer.File = null;
        harness.World.Process = ProcessState.Stopped;
        var again = await run.WhenAsync(state => state is { Phase: RunPhase.AwaitingApproval, Plan.Number: > 1 });
        Assert.Contains(again.Plan!.Bounds, bound => bound.Contains("epoch 5 of key", StringComparison.Ordinal));
        await run.ApproveAsync();
        await run.WhenAsync(state => state.Gates.Any(gate => gate is { Open: true, Name: "signer" }));
        await run.ApproveAsync();
        await run.WhenAsync(state => state.Phase == RunPhase.Watching && state.Plan!.Number > 2);

        Assert.Equal(5, harness.World.Signer.Epoch);
        Assert.Equal(2, harness.World.Acts.Count(act => act.Activity == "signer.put"));
        Assert.Empty(harness.World.Signer.Broken);
        await run.Handle.TerminateAsync("test is over");
    }

    private Harness Start()
    {
        var harness = Harness.Start(server);
        harness.World.Kind = NodeKind.Validator;
        harness.World.Process = ProcessState.Stopped;
        harness.World.FormerIsWhole = true;
        harness.World.Signer = new SignerWorld();
        return harness;
    }

    private static StepState Step(RunState state, string id) => state.Steps.Single(step => step.Id == id);
}
