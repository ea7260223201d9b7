using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Corruption;

/// <summary>RB-DR-004 on a world in memory: stopped first, copied before anything is undone, and what is done follows from what was found.</summary>
public sealed class DataCorruptionTests(DevServer server)
{
    [Fact]
    public async Task Run_AppHashWrongByOne_IsRolledBackOncePlainAndProven()
    {
        await using var harness = Corrupted();
        harness.World.Corrupt.GoodHeight = 1199;
        var run = await harness.RecoverAsync();

        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["node.stop", "forensics.preserve", "rollback.one", "node.start"], harness.World.Acts.Select(a => a.Activity));
        var undone = Assert.Single(harness.World.Corrupt.Rolled);
        Assert.Equal((1200, false), (undone.Height.FromHeight, undone.Height.Hard));
        Assert.Contains("StateOffByOne", Step(state, "decide").Detail, StringComparison.Ordinal);
        Assert.Contains("not needed: rollback helped", Step(state, "swap").Detail, StringComparison.Ordinal);
        Assert.NotNull(state.Clock.ProvenAt);
        Assert.Contains(state.Missing, line => line.Contains("forensic copy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_BlockAheadOfTheState_IsRolledBackHardForAPlainOneWouldUndoNothing()
    {
        await using var harness = Corrupted();
        (harness.World.Corrupt.GoodHeight, harness.World.Corrupt.BlockAhead) = (1199, true);
        var run = await harness.RecoverAsync();

        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal([(1201L, true), (1200L, true)], harness.World.Corrupt.Rolled.Select(one => (one.Height.FromHeight, one.Height.Hard)));
    }

    [Fact]
    public async Task Run_BlocksAreNotTheChains_RollsBackHardToWhereTheyPart()
    {
        await using var harness = Corrupted();
        (harness.World.Corrupt.GoodHeight, harness.World.Corrupt.GoodBlocks) = (1197, 1197);
        var run = await harness.RecoverAsync();

        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal([1200L, 1199L, 1198L], harness.World.Corrupt.Rolled.Select(one => one.Height.FromHeight));
        Assert.All(harness.World.Corrupt.Rolled, one => Assert.True(one.Height.Hard));
    }

    [Fact]
    public async Task Run_RollbackDoesNotHelp_AsksAgainBeforeTheRestore()
    {
        await using var harness = Corrupted();
        (harness.World.Corrupt.GoodHeight, harness.World.Corrupt.Mends) = (1199, false);
        var run = await harness.RecoverAsync();

        await run.ApproveAsync();
        var second = await run.WhenAsync(s => s.Gates.Any(g => g.Open && g.Question.Contains("Replace the data", StringComparison.Ordinal)));
        Assert.DoesNotContain(harness.World.Acts, a => a.Activity == "restore.swap");
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal("Running/backup", harness.World.Summary);
        Assert.StartsWith("it did not help", Step(state, "rollback-helped").Detail, StringComparison.Ordinal);
        Assert.Single(harness.World.Corrupt.Rolled);
        Assert.True(second.Plan!.Number > 1);
    }

    [Fact]
    public async Task Run_TornTable_RestoresAllDatabasesOfOneInstantAndRollsNothingBack()
    {
        await using var harness = Corrupted();
        harness.World.Corrupt.Torn = [new("data/application.db/000007.ldb", "block at 4096: wrong checksum")];
        var run = await harness.RecoverAsync(i => i with { Kind = CorruptionKinds.Database, Recovery = Recoveries.Restore });

        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["node.stop", "forensics.preserve", "restore.stage", "restore.swap", "node.start"], harness.World.Acts.Select(a => a.Activity));
        Assert.Contains("000007.ldb", Step(state, "decide").Detail, StringComparison.Ordinal);
        Assert.Empty(harness.World.Corrupt.Rolled);
    }

    [Fact]
    public async Task Run_NothingIsCorrupt_AsksBeforeItStopsANodeAndParksAtTheDecision()
    {
        await using var harness = Corrupted();
        harness.World.FormerIsWhole = true;
        var run = await harness.RecoverAsync();
        await run.WhenAsync(s => s.Gates.Any(g => g is { Open: true, Name: "contain" }));
        Assert.Empty(harness.World.Acts);

        await run.ApproveAsync();
        var parked = await run.WhenAsync(RunPhase.Parked);
        Assert.Contains("nothing that was looked at is corrupt", Step(parked, "decide").Error, StringComparison.Ordinal);
        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Equal("Running/former", harness.World.Summary);
        Assert.Equal(["node.stop", "forensics.preserve", "node.start"], harness.World.Acts.Select(a => a.Activity));
    }

    [Fact]
    public async Task Run_CopyFailsAndIsSkipped_AsksBeforeAnythingIsUndoneAndEndsPartial()
    {
        await using var harness = Corrupted();
        harness.World.Corrupt.GoodHeight = 1199;
        harness.World.Faults.Fail("forensics.preserve");
        var run = await harness.RecoverAsync();
        await run.WhenAsync(RunPhase.Parked);
        Assert.Empty(harness.World.Corrupt.Rolled);

        await run.DoAsync(Verbs.Skip, new() { By = "bob", Step = "preserve", Why = "the bucket is gone with its region" });
        await run.WhenAsync(s => s.Gates.Any(g => g.Open));
        var asked = await run.StateAsync();
        Assert.Contains(asked.Gates, gate => gate.Name == "no-copy");
        await run.ApproveAsync();
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.Single(harness.World.Corrupt.Rolled);
    }

    [Fact]
    public async Task Run_BucketIsNotWriteOnce_CopiesAndAsks()
    {
        await using var harness = Corrupted();
        (harness.World.Corrupt.GoodHeight, harness.World.Corrupt.WriteOnce) = (1199, false);
        var run = await harness.RecoverAsync();

        var asked = await run.WhenAsync(s => s.Gates.Any(g => g.Open));
        Assert.Contains(asked.Gates, gate => gate.Name == "no-copy" && gate.Question.Contains("not in write-once storage", StringComparison.Ordinal));
        await run.ApproveAsync();
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Contains(harness.World.Acts, a => a.Activity == "forensics.preserve");
    }

    [Theory]
    [InlineData(Symptoms.UpgradeNeeded, "UPGRADE \"v2\" NEEDED at height: 7", "binary")]
    [InlineData(Symptoms.NoSpace, "no space left on device", "free space")]
    [InlineData(Symptoms.ConflictingVote, "found conflicting vote from ourselves", "RB-DR-005")]
    public async Task Run_NothingHereHelps_EndsWithWhatToDoAndTouchesNothing(string symptom, string line, string advice)
    {
        await using var harness = Corrupted();
        harness.World.Process = ProcessState.Stopped;
        harness.World.Symptoms = [new(symptom, line)];

        var state = await (await harness.RecoverAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Empty(harness.World.Acts);
        Assert.Contains(advice, state.Headline + string.Join('\n', state.Journal.Select(j => j.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OthersContradictEachOther_TouchesNothing()
    {
        await using var harness = Corrupted();
        harness.World.References = [new("full-8"), new("full-9")];
        harness.World.Corrupt.Split = true;

        var state = await (await harness.RecoverAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Empty(harness.World.Acts);
        Assert.Contains("ChainWide", string.Join('\n', state.Journal.Select(j => j.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AnotherVersionThanTheOthers_ParksBeforeAnythingIsUndone()
    {
        await using var harness = Corrupted();
        (harness.World.Corrupt.GoodHeight, harness.World.Corrupt.Versions) = (1199, ("v2", "v1"));
        var run = await harness.RecoverAsync();

        var parked = await run.WhenAsync(RunPhase.Parked);

        Assert.Contains("it runs version v1, the others v2", Step(parked, "decide").Error, StringComparison.Ordinal);
        Assert.Empty(harness.World.Corrupt.Rolled);
        Assert.Equal(ProcessState.Stopped, harness.World.Process);
        await run.AbortAsync();
        await run.ResultAsync();
    }

    [Fact]
    public async Task Run_StoresCannotBeRead_IsNotTakenForHeightZero()
    {
        await using var harness = Corrupted();
        harness.World.Process = ProcessState.Stopped;
        harness.World.Corrupt.Unreadable = "CURRENT names a manifest that is not there";
        var run = await harness.RecoverAsync();
        await run.ApproveAsync();

        var parked = await run.WhenAsync(RunPhase.Parked);

        Assert.Contains("Unknown", Step(parked, "decide").Error, StringComparison.Ordinal);
        Assert.Empty(harness.World.Corrupt.Rolled);
        Assert.DoesNotContain(harness.World.Acts, a => a.Activity.StartsWith("restore.", StringComparison.Ordinal));
        await run.AbortAsync();
        await run.ResultAsync();
    }

    [Fact]
    public async Task Run_AnotherNodeIsWrongToo_DoesNotSayThatAllAgree()
    {
        await using var harness = Corrupted();
        harness.World.References = [new("full-7"), new("full-8"), new("full-9")];
        (harness.World.Corrupt.GoodHeight, harness.World.Corrupt.Deviant) = (1199, "full-9");
        var run = await harness.RecoverAsync();
        await run.ApproveAsync();

        var parked = await run.WhenAsync(RunPhase.Parked);

        Assert.Contains("full-9", Step(parked, "agree").Error, StringComparison.Ordinal);
        await run.DoAsync(Verbs.Skip, new() { By = "bob", Step = "agree" });
        Assert.Equal(RunOutcome.Partial, (await run.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Run_ValidatorThatIsNotEnrolled_StaysStoppedAndEndsPartial()
    {
        await using var harness = Corrupted();
        harness.World.Kind = NodeKind.Validator;
        harness.World.Corrupt.GoodHeight = 1199;
        var run = await harness.RecoverAsync();

        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.Equal(ProcessState.Stopped, harness.World.Process);
        Assert.DoesNotContain(harness.World.Acts, a => a.Activity == "node.start");
    }

    [Fact]
    public async Task Run_AbortAfterTheRollback_LeavesItSaidAndStartsTheNode()
    {
        await using var harness = Corrupted();
        (harness.World.Corrupt.GoodHeight, harness.World.Corrupt.Mends) = (1199, false);
        var run = await harness.RecoverAsync();
        await run.ApproveAsync();
        await run.WhenAsync(s => s.Gates.Any(g => g.Open && g.Question.Contains("Replace the data", StringComparison.Ordinal)));

        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.Contains(state.Missing, line => line.Contains("stays rolled back to height 1199", StringComparison.Ordinal));
        Assert.Equal("Running/former", harness.World.Summary);
        Assert.DoesNotContain(harness.World.Acts, a => a.Activity == "restore.swap");
    }

    [Fact]
    public async Task Run_DryRun_ShowsWhatWouldBeDoneAndTouchesNothing()
    {
        await using var harness = Corrupted();
        harness.World.Corrupt.GoodHeight = 1199;

        var state = await (await harness.RecoverAsync(i => i with { Mode = RunMode.DryRun })).ResultAsync();

        Assert.Equal(RunOutcome.Planned, state.Outcome);
        Assert.Empty(harness.World.Acts);
        Assert.Contains(state.Steps, step => step.Id == "rollback" && step.Title.Contains("1199", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WrongInput_ListsEverythingAtOnce()
    {
        await using var harness = Harness.Start(server, node: false);
        var run = await harness.RecoverAsync(i => i with { Node = "", Kind = "soul", Height = 0, Recovery = "prayer", Backup = " ", IncidentClass = "D1", Watch = TimeSpan.FromDays(8) });

        var failure = await run.FailureAsync();

        Assert.Equal(["node:", "kind:", "height:", "recovery:", "backup:", "incidentClass:", "watch:"], failure!.Message.Split('\n').Select(l => l.Split(' ')[0]));
    }

    private static StepState Step(RunState state, string id) => state.Steps.Single(step => step.Id == id);

    /// <summary>A node that runs and is not healthy: in consensus failure.</summary>
    private Harness Corrupted() => Harness.Start(server);
}
