using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Runbooks;

/// <summary>State sync as a rung of RB-DR-001's ladder, on a world in memory.</summary>
public sealed class StateSyncTests(DevServer server)
{
    [Fact]
    public async Task Run_DiskLostAndNoBackup_StateSyncsAndPutsTheConfigurationBack()
    {
        await using var harness = Lost();
        harness.World.Faults.Fail("repository.choose", ErrorTypes.NotFound, times: 9);

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal("Running/synced", harness.World.Summary);
        Assert.Null(harness.World.Sync.Settings);
        Assert.Equal(
            ["statesync.stage", "restore.swap", "statesync.configure", "node.start", "statesync.restore-configuration"], harness.World.Acts.Select(a => a.Activity));
        Assert.Contains("no signed trust anchor", Detail(state, "statesync-choose"), StringComparison.Ordinal);
        Assert.Contains("no backup to restore", Detail(state, "statesync-choose"), StringComparison.Ordinal);
        Assert.StartsWith("it helped", Detail(state, "statesync-helped"), StringComparison.Ordinal);
        Assert.Equal(StepStatus.LeftOut, Step(state, "swap").Status);
        Assert.Contains(state.Missing.Concat(state.Journal.Select(j => j.Text)), text => text.Contains("/home/node/data.former", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_ForecastFavoursStateSync_GoesBeforeTheRestoreAndItsReasonStandsInTheJournal()
    {
        await using var harness = Lost();
        harness.StartOther("full-9");

        var state = await (await harness.CureAsync()).ResultAsync();

        // Snapshot 1180 and 15 s of discovery against a backup at 1000: at 20 blocks/s the backup is the faster one until the gap grows.
        Assert.Equal("Running/backup", harness.World.Summary);
        Assert.Contains(state.Facts, fact => fact.Name == "statesync" && fact.Value.Contains("a restore is forecast to be faster", StringComparison.Ordinal));
        Assert.DoesNotContain(state.Steps, step => step.Id.StartsWith("statesync", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_OldBackupAndFreshSnapshot_StateSyncsFirst()
    {
        await using var harness = Lost();
        harness.StartOther("full-9");
        harness.World.ChainHeight = 101_200;
        harness.World.Sync.SnapshotHeight = 101_000;

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal("Running/synced", harness.World.Summary);
        Assert.Contains("snapshot 101000 of full-9", Detail(state, "statesync-choose"), StringComparison.Ordinal);
        Assert.Contains(state.Plan!.Bounds, bound => bound.Contains("statesync, restore", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_StateSyncDoesNotHelp_LeadsBackAndRestores()
    {
        await using var harness = Lost();
        harness.StartOther("full-9");
        harness.World.ChainHeight = 101_200;
        harness.World.Sync.SnapshotHeight = 101_000;
        harness.World.Sync.Works = false;

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal("Running/backup", harness.World.Summary);
        Assert.Null(harness.World.Sync.Settings);
        Assert.Contains("no snapshots found", Detail(state, "statesync-helped"), StringComparison.Ordinal);
        Assert.Equal(StepStatus.Done, Step(state, "statesync-back").Status);
        Assert.Equal(StepStatus.Done, Step(state, "swap").Status);
    }

    [Fact]
    public async Task Mistake13_StateSyncThatTimedOut_IsNeverASuccess()
    {
        await using var harness = Lost();
        harness.World.Sync.Works = false;
        var run = await harness.CureAsync(input => input with { Cure = Cures.StateSync });

        var parked = await run.WhenAsync(RunPhase.Parked);
        Assert.Contains("did not help, and no other cure is left", parked.Headline + string.Concat(parked.Steps.Select(s => s.Detail)), StringComparison.Ordinal);
        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Equal("former", harness.World.Data);
        Assert.Null(harness.World.Sync.Settings);
    }

    [Fact]
    public async Task Run_SignedAnchorThatTheRpcsContradict_TrustsNothing()
    {
        await using var harness = Lost();
        harness.World.Sync.Anchor = Anchor(harness.World, new string('B', 64));

        var run = await harness.CureAsync(input => input with { Cure = Cures.StateSync });

        AssertFailed(await run.ResultAsync(), "one of both is false");
        Assert.Empty(harness.World.Acts);
    }

    [Fact]
    public async Task Run_SignedAnchor_IsWhatIsTrusted()
    {
        await using var harness = Lost();
        harness.World.Sync.Anchor = Anchor(harness.World, harness.World.Sync.Hash);
        var hold = harness.World.Faults.HoldNext("statesync.await");

        var run = await harness.CureAsync(input => input with { Cure = Cures.StateSync });
        await hold.Entered;
        var settings = harness.World.Sync.Settings!;
        hold.Release();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal((1150, harness.World.Sync.Hash), (settings.TrustHeight, settings.TrustHash));
        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(10), 4, 168), (settings.DiscoveryTime, settings.ChunkRequestTimeout, settings.ChunkFetchers, (int)settings.TrustPeriod.TotalHours));
        Assert.Contains("from the anchor that key-1 signed", Detail(state, "statesync-choose"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NodeKind.Archive, false, "archive")]
    [InlineData(NodeKind.Validator, false, "only a full node")]
    [InlineData(NodeKind.Full, true, "may sign")]
    public async Task Run_StateSyncAskedForWhereItMustNotBe_IsRefusedAndTouchesNothing(NodeKind kind, bool key, string says)
    {
        await using var harness = Lost();
        (harness.World.Kind, harness.World.HoldsConsensusKey) = (kind, key);

        var run = await harness.CureAsync(input => input with { Cure = Cures.StateSync });

        AssertFailed(await run.ResultAsync(), says);
        Assert.Empty(harness.World.Acts);
    }

    [Fact]
    public async Task Run_AbortedWhileConfigured_PutsTheConfigurationAndTheDataBack()
    {
        await using var harness = Lost();
        harness.World.Faults.Fail("statesync.await");
        var run = await harness.CureAsync(input => input with { Cure = Cures.StateSync });
        await run.WhenAsync(RunPhase.Parked);
        Assert.NotNull(harness.World.Sync.Settings);

        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Equal("former", harness.World.Data);
        Assert.Null(harness.World.Sync.Settings);
    }

    private static void AssertFailed(RunState state, string says)
    {
        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Contains(says, string.Join('\n', state.Journal.Select(j => j.Text)), StringComparison.Ordinal);
    }

    private Harness Lost()
    {
        var harness = Harness.Start(server);
        harness.World.Process = ProcessState.Stopped;
        harness.World.DataPresent = false;
        harness.World.References = [new("full-9"), new("full-8"), new("full-7")];
        return harness;
    }

    private static TrustAnchor Anchor(World world, string hash) => new()
    {
        ChainId = "virtengine-1",
        Height = 1150,
        Hash = hash,
        BlockTime = world.Time.GetUtcNow(),
        At = world.Time.GetUtcNow(),
        Agreed = ["a", "b", "c"],
        Signer = "full-9",
    };

    private static StepState Step(RunState state, string id) => state.Steps.Single(s => s.Id == id);

    private static string Detail(RunState state, string id) => Step(state, id).Detail ?? "";
}
