using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Signers;

/// <summary>Runs that touch validators, at the limit of the voting power. Each harness is an engine's worker of its own; they share the register and the chain.</summary>
public sealed class PowerBudgetRunTests(DevServer server)
{
    private readonly BudgetWorld chain = new(TimeProvider.System, TimeSpan.FromMilliseconds(20), others: 5, down: 0);

    [Fact]
    public async Task Run_SigningValidator_IsReservedBeforeItIsStoppedAndGivenBackWhenItSigns()
    {
        await using var harness = Start('A');

        var run = await RestartAsync(harness);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["class", "assess", "power-reserve", "restart-stop", "restart-start"], state.Steps.Take(5).Select(step => step.Id));
        Assert.Contains("lapses with the next signature", Step(state, "power-release").Detail, StringComparison.Ordinal);
        var held = Assert.Single(await chain.ReservationsAsync());
        Assert.NotNull(held.EndedAbove);
        Assert.Contains(run.Id, held.AskedBy, StringComparison.Ordinal);
        Assert.Empty(chain.Broken);
    }

    [Fact]
    public async Task Run_ValidatorIsDown_ReservesNothing()
    {
        await using var harness = Start('A', process: ProcessState.Stopped);
        chain.Sources = 0;

        var state = await (await RestartAsync(harness)).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.DoesNotContain(state.Steps, step => step.Id.StartsWith("power-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WithoutARegister_SaysSoAsARisk()
    {
        await using var harness = Start('A');
        harness.World.Budget = null;

        var state = await (await RestartAsync(harness)).ResultAsync();

        Assert.Contains(state.Plan!.Risks, risk => risk.Contains("there is no power budget", StringComparison.Ordinal));
        Assert.DoesNotContain(state.Steps, step => step.Id.StartsWith("power-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_TwoAtOnce_OneIsRefusedAndGoesOnWhenTheOtherIsDone()
    {
        await using var first = Start('A');
        await using var second = Start('B');
        var stop = first.World.Faults.HoldNext("node.stop");
        var one = await RestartAsync(first);
        await stop.Entered;

        var two = await RestartAsync(second);
        var parked = await two.WhenAsync(RunPhase.Parked);
        Assert.Contains("one signer at a time", Step(parked, "power-reserve").Error, StringComparison.Ordinal);
        Assert.Contains(one.Id, Step(parked, "power-reserve").Error, StringComparison.Ordinal);
        Assert.Equal(ProcessState.Running, second.World.Process);

        stop.Release();
        Assert.Equal(RunOutcome.Succeeded, (await one.ResultAsync()).Outcome);
        await two.DoAsync(Verbs.Retry);
        await two.WhenAsync(RunPhase.Closed);
        Assert.Equal(RunOutcome.Succeeded, (await two.ResultAsync()).Outcome);
        Assert.Empty(chain.Broken);
    }

    [Fact]
    public async Task Run_ChainWouldHalt_AsksTwoPeopleAtItsOwnGate()
    {
        await using var harness = Start('A');
        chain.Add(new string('E', 40), () => false);
        chain.Add(new string('F', 40), () => false);

        var run = await RestartAsync(harness);
        var waiting = await run.WhenAsync(RunPhase.AwaitingApproval);
        var gate = Assert.Single(waiting.Gates, gate => gate.Open);
        Assert.Equal(("halt", 2), (gate.Name, gate.Required));
        Assert.Contains("more than two thirds", gate.Question, StringComparison.Ordinal);
        Assert.Empty(await chain.ReservationsAsync());

        await run.ApproveAsync("bob");
        await run.ApproveAsync("carol");
        await run.WhenAsync(RunPhase.Closed);
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);
        Assert.Single(await chain.ReservationsAsync());
    }

    [Fact]
    public async Task Run_RegisterIsOutOfReach_TouchesNothingThatSigns()
    {
        await using var harness = Start('A');
        (chain.Buckets[0].CutOff, chain.Buckets[1].CutOff) = (true, true);

        var run = await RestartAsync(harness);
        var parked = await run.WhenAsync(RunPhase.Parked);
        Assert.Contains("1 of 3 buckets", Step(parked, "power-reserve").Error, StringComparison.Ordinal);
        Assert.DoesNotContain(harness.World.Acts, act => act.Activity == "node.stop");

        chain.Buckets[0].CutOff = false;
        await run.DoAsync(Verbs.Retry);
        await run.WhenAsync(RunPhase.Closed);
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Run_AnswerOfTheReservationLost_IsTheSameReservation()
    {
        await using var harness = Start('A');
        harness.World.Faults.LoseAnswer("power.reserve");

        var run = await RestartAsync(harness);
        await run.WhenAsync(RunPhase.Parked);
        await run.DoAsync(Verbs.Retry);
        await run.WhenAsync(RunPhase.Closed);

        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);
        Assert.Single(await chain.ReservationsAsync());
    }

    [Fact]
    public async Task Run_OtherRunWasTerminatedAfterItsReservation_GoesOnWhenThatValidatorIsSeenSigning()
    {
        await using var first = Start('A');
        await using var second = Start('B');
        var stop = first.World.Faults.HoldNext("node.stop");
        var one = await RestartAsync(first);
        await stop.Entered;
        await one.Handle.TerminateAsync("its operator gave up");
        stop.Release();

        var two = await RestartAsync(second);
        await two.WhenAsync(RunPhase.Parked);
        first.World.Process = ProcessState.Running;
        chain.Started(first.World.Signer!.Name.Address);
        await Eventually.GetAsync(() => chain.Open().LookAsync(new(second.World.Signer!.Name.Address, "test", []), TestContext.Current.CancellationToken), outcome => outcome.Decision.Verdict == PowerVerdict.Free);
        await two.DoAsync(Verbs.Retry);
        await two.WhenAsync(RunPhase.Closed);

        Assert.Equal(RunOutcome.Succeeded, (await two.ResultAsync()).Outcome);
        Assert.Empty(chain.Broken);
    }

    [Fact]
    public async Task Run_ReservationWasReleasedByPeopleWhileItWaited_IsReservedAnewBeforeTheStop()
    {
        await using var harness = Start('A');
        harness.World.Faults.Fail("node.stop");
        var run = await RestartAsync(harness);
        await run.WhenAsync(RunPhase.Parked);
        await chain.Open().ReleaseAsync(Assert.Single(await chain.ReservationsAsync()), "ann", "it hangs", [], TestContext.Current.CancellationToken);

        await run.DoAsync(Verbs.Retry);
        var refused = await run.WhenAsync(state => state.Phase == RunPhase.Parked && Step(state, "restart-stop").Error?.Contains("is over", StringComparison.Ordinal) == true);
        Assert.DoesNotContain(harness.World.Acts, act => act.Activity == "node.stop");
        Assert.Equal(RunPhase.Parked, refused.Phase);
        await run.DoAsync(Verbs.Retry);
        await run.WhenAsync(RunPhase.Closed);

        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);
        Assert.Equal(2, (await chain.ReservationsAsync()).Count);
    }

    [Fact]
    public async Task Move_FormerHolderSigns_IsReservedBeforeItsFence()
    {
        await using var harness = Start('A', process: ProcessState.Stopped);
        var signer = harness.World.Signer!;
        (signer.Grant, signer.Other, signer.Holder, signer.OtherSigns) = (0, "system-9/disk-9", "system-9/disk-9", true);
        chain.Add(signer.Name.Address, () => signer.OtherSigns || harness.World.Process == ProcessState.Running);
        harness.StartOtherHolder();

        var run = await harness.MoveAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Closed);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["assess", "power-reserve", "stop", "signer-seal", "signer-fence"], state.Steps.Take(5).Select(step => step.Id));
        Assert.NotNull(Assert.Single(await chain.ReservationsAsync()).EndedAbove);
    }

    private Harness Start(char key, ProcessState process = ProcessState.Running)
    {
        var harness = Harness.Start(server);
        harness.World.Kind = NodeKind.Validator;
        harness.World.Process = process;
        harness.World.FormerIsWhole = true;
        harness.World.Signer = new SignerWorld { Name = new("virtengine-1", new string(key, 40)) };
        harness.World.Budget = chain;
        chain.Add(harness.World.Signer.Name.Address, () => harness.World.Process == ProcessState.Running);
        return harness;
    }

    private static Task<Run> RestartAsync(Harness harness) => harness.CureAsync(input => input with { Cure = Cures.Restart });

    private static StepState Step(RunState state, string id) => state.Steps.Single(step => step.Id == id);
}
