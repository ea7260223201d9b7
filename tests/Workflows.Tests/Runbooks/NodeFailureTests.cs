using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Runbooks;

/// <summary>RB-DR-001 on a world in memory: what was found decides what is tried, and nothing is called cured that was not proven.</summary>
public sealed class NodeFailureTests(DevServer server)
{
    [Fact]
    public async Task Run_CrashedFullNode_RestartsItWithoutAsking()
    {
        await using var harness = Harness.Start(server);
        harness.World.Process = ProcessState.Stopped;
        harness.World.FormerIsWhole = true;

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal("Running/former", harness.World.Summary);
        Assert.Equal(["node.start"], harness.World.Acts.Select(a => a.Activity));
        Assert.Equal(StepStatus.AlreadySo, Step(state, "restart-stop").Status);
        Assert.Equal(StepStatus.Done, Step(state, "restart-start").Status);
        Assert.Equal((StepStatus.LeftOut, "not needed: restart helped"), (Step(state, "swap").Status, Step(state, "swap").Detail));
        Assert.Contains("Crashed", Step(state, "class").Detail, StringComparison.Ordinal);
        Assert.NotNull(state.Clock.ProvenAt);
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Run_RestartDoesNotHelp_GoesOnToTheRestore()
    {
        await using var harness = Harness.Start(server);
        harness.World.Process = ProcessState.Stopped;

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal("Running/backup", harness.World.Summary);
        Assert.Equal(["node.start", "restore.stage", "node.stop", "restore.swap", "node.start"], harness.World.Acts.Select(a => a.Activity));
        Assert.StartsWith("it did not help", Step(state, "restart-helped").Detail, StringComparison.Ordinal);
        Assert.Equal(2, state.Plan!.Number);
        Assert.Contains(state.Journal, j => j.Event == "plan.changed");
    }

    [Fact]
    public async Task Run_EndsAtOnceAfterTheRestart_GoesOnToTheRestore()
    {
        await using var harness = Harness.Start(server);
        harness.World.Process = ProcessState.Stopped;
        harness.World.Faults.Fail("node.start");

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["restore.stage", "restore.swap", "node.start"], harness.World.Acts.Select(a => a.Activity));
        Assert.Contains("node.start was made to fail", Step(state, "restart-helped").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TornStore_IsRestoredAndNeverRestartedOnIt()
    {
        await using var harness = Harness.Start(server);
        harness.World.Process = ProcessState.Stopped;
        harness.World.Symptoms = [new(Symptoms.CorruptStore, "leveldb: manifest corrupted")];

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["restore.stage", "restore.swap", "node.start"], harness.World.Acts.Select(a => a.Activity));
        Assert.Equal((StepStatus.LeftOut, "not a cure for what was found"), (Step(state, "restart-start").Status, Step(state, "restart-start").Detail));
    }

    [Fact]
    public async Task Run_StuckNode_IsEndedAndStarted()
    {
        await using var harness = Harness.Start(server);
        harness.World.Healthy = false;
        harness.World.FormerIsWhole = true;
        harness.World.OnStart = world => world.Healthy = true;

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["node.stop", "node.start"], harness.World.Acts.Select(a => a.Activity));
        Assert.Contains("Stuck", Step(state, "class").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_StoppedByASignal_IsEndedAndStarted()
    {
        await using var harness = Harness.Start(server);
        harness.World.Process = ProcessState.Frozen;
        harness.World.Hung = harness.World.FormerIsWhole = true;

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["node.stop", "node.start"], harness.World.Acts.Select(a => a.Activity));
    }

    [Fact]
    public async Task Run_FrozenOnPurpose_ParksAndTouchesNothing()
    {
        await using var harness = Harness.Start(server);
        harness.World.Process = ProcessState.Frozen;
        var run = await harness.CureAsync();

        var parked = await run.WhenAsync(RunPhase.Parked);

        Assert.Empty(harness.World.Acts);
        Assert.Contains("frozen", Step(parked, "restart-stop").Error, StringComparison.Ordinal);
        await run.AbortAsync();
        await run.ResultAsync();
    }

    [Fact]
    public async Task Run_HealthyNode_IsProvenAndLeftAlone()
    {
        await using var harness = Harness.Start(server);
        harness.World.FormerIsWhole = true;

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Empty(harness.World.Acts);
        Assert.Equal(StepStatus.Done, Step(state, "prove").Status);
    }

    [Theory]
    [InlineData(Symptoms.UpgradeNeeded, "UPGRADE \"v2\" NEEDED at height: 7", "binary")]
    [InlineData(Symptoms.NoSpace, "no space left on device", "free space")]
    [InlineData(Symptoms.ConflictingVote, "found conflicting vote from ourselves", "RB-DR-005")]
    public async Task Run_NoCureIsDue_EndsWithWhatToDoAndTouchesNothing(string symptom, string line, string advice)
    {
        await using var harness = Harness.Start(server);
        harness.World.Process = ProcessState.Stopped;
        harness.World.Symptoms = [new(symptom, line)];

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Empty(harness.World.Acts);
        Assert.Contains(advice, state.Headline + string.Join('\n', state.Journal.Select(j => j.Text)), StringComparison.Ordinal);
        Assert.Contains(line, string.Join('\n', state.Journal.Select(j => j.Text)), StringComparison.Ordinal);
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Run_ChainStands_RestartsNothing()
    {
        await using var harness = Harness.Start(server);
        harness.World.Findings = [HealthFindings.Standing, HealthFindings.OldBlock, HealthFindings.ChainStands];

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Empty(harness.World.Acts);
        Assert.Contains("RB-DR-004", string.Join('\n', state.Journal.Select(j => j.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Validator_IsNeverStartedAndEndsPartial()
    {
        await using var harness = Harness.Start(server);
        harness.World.Kind = NodeKind.Validator;
        harness.World.Process = ProcessState.Stopped;

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.DoesNotContain(harness.World.Acts, a => a.Activity == "node.start");
        Assert.Contains("signer interlock", Step(state, "restart-start").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NothingHelps_ParksAndAbortLeadsBackToTheStateBefore()
    {
        await using var harness = Harness.Start(server);
        harness.World.Process = ProcessState.Stopped;
        harness.World.Healthy = false;
        var run = await harness.CureAsync();

        var parked = await run.WhenAsync(RunPhase.Parked);
        Assert.Equal(StepStatus.Failed, Step(parked, "prove").Status);
        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Equal("Stopped/former", harness.World.Summary);
    }

    [Fact]
    public async Task Run_SecondNodeOfTheRegion_WaitsItsTurn()
    {
        await using var first = Harness.Start(server);
        await using var second = Harness.Start(server);
        second.World.Region = first.World.Region;
        first.World.Process = second.World.Process = ProcessState.Stopped;
        var hold = first.World.Faults.HoldNext("node.start");
        var running = await first.CureAsync();
        await running.WhenAsync(s => s.Steps.Any(step => step is { Id: "restart-start", Status: StepStatus.Running }));

        var failure = await (await second.CureAsync()).FailureAsync();

        Assert.Equal(ErrorTypes.Locked, failure?.ErrorType);
        Assert.Contains(running.Id, failure!.Message, StringComparison.Ordinal);
        Assert.Empty(second.World.Acts);
        hold.Release();
        Assert.Equal(RunOutcome.Succeeded, (await running.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Run_WrongInput_ListsEverythingAtOnce()
    {
        await using var harness = Harness.Start(server, node: false);
        var run = await harness.CureAsync(i => i with { Node = "", Cure = "prayer", IncidentClass = "D3", Backup = " ", Found = "Moody", Watch = TimeSpan.FromDays(8) });

        var failure = await run.FailureAsync();

        Assert.Equal(["node:", "cure:", "backup:", "incidentClass:", "found:", "watch:"], failure!.Message.Split('\n').Select(l => l.Split(' ')[0]));
    }

    private static StepState Step(RunState state, string id) => state.Steps.Single(step => step.Id == id);
}
