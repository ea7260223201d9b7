using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Recovery;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Corruption;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Corruption;

/// <summary>RB-DR-004 on a chain that stands: other people's validators get a signed plan, and our own nodes' steps wait for theirs.</summary>
public sealed class CoordinatedTests(DevServer server)
{
    [Fact]
    public async Task Run_ChainStands_PublishesThePlanWaitsForTheOthersAndThenRecoversOurs()
    {
        await using var harness = Standing();
        var run = await RecoverAsync(harness);

        await PublishAsync(run);
        var waiting = await run.WhenAsync(s => Step(s, CoordinatedSteps.AwaitId).Status == StepStatus.Running);
        Assert.Equal(3, harness.World.Plans.Kept.Count);
        Assert.Empty(harness.World.Corrupt.Rolled);
        Assert.Equal(ProcessState.Stopped, harness.World.Process);
        Assert.Contains(harness.World.Notifications, one => one.Summary.Contains("Give both files", StringComparison.Ordinal));

        harness.World.Plans.Back = [.. PlanWorld.Addresses.Take(3)];
        harness.World.Corrupt.ChainStands = false;
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.True(state.Outcome == RunOutcome.Succeeded, Journal(state));
        var undone = Assert.Single(harness.World.Corrupt.Rolled);
        Assert.Equal((1200, false), (undone.Height.FromHeight, undone.Height.Hard));
        Assert.Equal(StepStatus.LeftOut, Step(state, "rollback-helped").Status);
        Assert.Contains("30 of 27 needed are back", Step(state, CoordinatedSteps.AwaitId).Detail, StringComparison.Ordinal);
        Assert.Contains(state.Missing, line => line.Contains("recovery-plan verify", StringComparison.Ordinal));
        Assert.Contains(waiting.Plan!.Bounds, bound => bound.Contains(RecoveryPlanBytes.Digest(RecoveryPlanBytes.Write(harness.World.Plans.Kept.Values.First())), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_SaysWhatEachMustDoAndProveAndNeverHard()
    {
        await using var harness = Standing();
        var run = await RecoverAsync(harness);
        await PublishAsync(run);
        await run.WhenAsync(s => Step(s, CoordinatedSteps.PublishId).Status == StepStatus.Done);

        var plan = harness.World.Plans.Kept["eu-west-1"];

        Assert.Equal((1199, "G1199", "v1", run.Id, 4), (plan.Height, plan.AppHash, plan.Version, plan.Run, plan.Validators.Count));
        Assert.Equal(TimeSpan.FromHours(24), plan.Deadline - plan.MadeAt);
        Assert.Contains(plan.Steps, step => step.Contains("without --hard", StringComparison.Ordinal));
        Assert.Contains(plan.Steps, step => step.Contains("priv_validator_state.json", StringComparison.Ordinal));
        Assert.Contains(plan.Proofs, proof => proof.Contains("G1199", StringComparison.Ordinal));
        Assert.Contains(plan.Order, line => line.Contains("27", StringComparison.Ordinal));
        await run.AbortAsync();
        Assert.Contains((await run.ResultAsync()).Missing, line => line.Contains("tell everybody who may have it that it is void", StringComparison.Ordinal));
        Assert.Equal("Running/former", harness.World.Summary);
    }

    [Fact]
    public async Task Run_PeopleSaySo_CountsWhomTheyNameAndNobodyElse()
    {
        await using var harness = Standing();
        var run = await RecoverAsync(harness);
        Assert.False((await SayAsync(run, PlanWorld.Addresses[1])).Counted);
        await PublishAsync(run);
        await run.WhenAsync(s => Step(s, CoordinatedSteps.AwaitId).Status == StepStatus.Running);

        var wrong = await run.Handle.ExecuteUpdateAsync<OthersReadyReply>(DataCorruptionWorkflow.OthersReadyMessage, [new OthersReady("", "", [new('F', 40)])]);
        Assert.Equal(["by:", "why:", "validators:"], wrong.Text.Split('\n').Select(line => line.Split(' ')[0]));
        Assert.True((await SayAsync(run, [.. PlanWorld.Addresses.Take(2)])).Counted);
        Assert.Equal(StepStatus.Running, Step(await run.StateAsync(), CoordinatedSteps.AwaitId).Status);
        harness.World.Plans.Back = [PlanWorld.Addresses[2]];
        harness.World.Corrupt.ChainStands = false;
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.True(state.Outcome == RunOutcome.Succeeded, Journal(state));
        Assert.Contains(state.Journal, entry => entry is { Event: "others.ready", Actor: "carol" } && entry.Text.Contains("on the validators' channel", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_DeadlineIsOver_RemindsAndParksAndGoesOnByWordOrSkip()
    {
        await using var harness = Standing();
        var run = await RecoverAsync(harness, spec => spec with { Within = TimeSpan.FromSeconds(15) });
        await PublishAsync(run);

        var parked = await run.WhenAsync(RunPhase.Parked);
        Assert.Contains("the deadline", Step(parked, CoordinatedSteps.AwaitId).Error, StringComparison.Ordinal);
        Assert.Contains("missing: " + PlanWorld.Addresses[0], Step(parked, CoordinatedSteps.AwaitId).Error, StringComparison.Ordinal);
        Assert.Contains(harness.World.Notifications, one => one.Summary.Contains("is open until", StringComparison.Ordinal));
        Assert.Empty(harness.World.Corrupt.Rolled);

        await run.Handle.SignalAsync(DataCorruptionWorkflow.OthersReadyMessage, [new OthersReady("carol", "they told me", [])]);
        await run.DoAsync(Verbs.Retry);
        harness.World.Corrupt.ChainStands = false;
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.True(state.Outcome == RunOutcome.Succeeded, Journal(state));
    }

    [Fact]
    public async Task Run_OneRegionHasNoPlan_SaysSoAndGoesOn()
    {
        await using var harness = Standing();
        harness.World.Faults.Fail("recovery-plan.keep");
        var run = await RecoverAsync(harness);
        await PublishAsync(run);

        var state = await run.WhenAsync(s => Step(s, CoordinatedSteps.PublishId).Status == StepStatus.Done);

        Assert.Contains("us-east-1 does not have it", Step(state, CoordinatedSteps.PublishId).Detail, StringComparison.Ordinal);
        await run.AbortAsync();
        await run.ResultAsync();
    }

    [Fact]
    public async Task Run_ChainGoesOn_TouchesNothing()
    {
        await using var harness = Standing();
        harness.World.Corrupt.ChainStands = false;

        var state = await (await RecoverAsync(harness)).ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Contains("the chain goes on", Journal(state), StringComparison.Ordinal);
        Assert.Empty(harness.World.Acts);
    }

    [Fact]
    public async Task Run_AnotherVersionAfterwards_IsNotProven()
    {
        await using var harness = Standing();
        var run = await RecoverAsync(harness, spec => spec with { Version = "v2" });
        await PublishAsync(run);
        harness.World.Plans.Back = PlanWorld.Addresses;
        harness.World.Corrupt.ChainStands = false;
        await run.ApproveAsync();

        var parked = await run.WhenAsync(RunPhase.Parked);

        Assert.Contains("runs version v1, and the plan says v2", Step(parked, "agree").Error, StringComparison.Ordinal);
        await run.DoAsync(Verbs.Skip, new() { By = "bob", Step = "agree" });
        Assert.Equal(RunOutcome.Partial, (await run.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Run_WrongInput_ListsEverythingAtOnce()
    {
        await using var harness = Harness.Start(server, node: false);

        var run = await harness.RecoverAsync(i => i with { Kind = CorruptionKinds.Config, Recovery = Recoveries.Restore, Coordinated = new() { Within = TimeSpan.Zero, RemindEvery = TimeSpan.FromSeconds(1) } });

        Assert.Equal(["height:", "coordinated.version:", "coordinated.within:", "coordinated.remindEvery:", "kind:", "recovery:"], (await run.FailureAsync())!.Message.Split('\n').Select(line => line.Split(' ')[0]));
    }

    [Theory]
    [InlineData(100, new[] { 10L, 10, 10, 10 }, new[] { true, false, false, false }, 17)]
    [InlineData(100, new[] { 10L, 10, 10, 10 }, new[] { false, false, false, false }, 27)]
    [InlineData(100, new[] { 30L, 10, 1, 1 }, new[] { true, false, false, false }, 1)]
    [InlineData(100, new[] { 10L, 10 }, new[] { true, true }, 0)]
    public void Enough_IsWhatOursLackForTwoThirds(long height, long[] powers, bool[] ours, long enough)
    {
        var plan = new RecoveryPlan
        {
            ChainId = "c",
            Height = height,
            AppHash = "A",
            Agreed = [],
            Version = "v",
            MadeAt = default,
            Deadline = default,
            Run = "r",
            Signer = "s",
            Validators = [.. powers.Zip(ours, (power, own) => new RecoveryValidator("A", power, own ? "n" : null))],
        };

        Assert.Equal(enough, RecoveryPlanText.Enough(plan));
    }

    private static StepState Step(RunState state, string id) => state.Steps.Single(step => step.Id == id);

    private static string Journal(RunState state) => string.Join('\n', state.Journal.Select(entry => $"{entry.Event}: {entry.Text}"));

    private static Task<OthersReadyReply> SayAsync(Run run, params IReadOnlyList<string> who) =>
        run.Handle.ExecuteUpdateAsync<OthersReadyReply>(DataCorruptionWorkflow.OthersReadyMessage, [new OthersReady("carol", "on the validators' channel", who)]);

    private static async Task PublishAsync(Run run)
    {
        await run.WhenAsync(s => s.Gates.Any(g => g is { Open: true, Name: CoordinatedSteps.PublishId }));
        await run.ApproveGateAsync("bob");
        await run.ApproveGateAsync("dave");
    }

    private static Task<Run> RecoverAsync(Harness harness, Func<CoordinatedSpec, CoordinatedSpec>? change = null) => harness.RecoverAsync(
        i => i with { Height = 1199, Coordinated = (change ?? (same => same))(new CoordinatedSpec { Version = "v1", Binaries = ["linux/amd64 https://example.org/v1 abc"], RemindEvery = TimeSpan.FromMinutes(1) }) });

    /// <summary>A full node of ours on a chain that stands, whose state after the last height is wrong.</summary>
    private Harness Standing()
    {
        var harness = Harness.Start(server);
        (harness.World.Corrupt.GoodHeight, harness.World.Corrupt.ChainStands) = (1199, true);
        return harness;
    }
}
