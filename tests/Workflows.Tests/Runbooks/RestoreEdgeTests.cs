using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Runbooks;

public sealed class RestoreEdgeTests(DevServer server)
{
    [Theory]
    [InlineData(NodeKind.Validator, false)]
    [InlineData(NodeKind.Full, true)]
    public async Task Run_ANodeThatMaySign_IsNotStartedAndSaysSo(NodeKind kind, bool key)
    {
        await using var harness = Harness.Start(server);
        harness.World.Kind = kind;
        harness.World.HoldsConsensusKey = key;
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.Contains(state.Missing, m => m.Contains("not configured: signer interlock", StringComparison.Ordinal));
        Assert.Equal(StepStatus.LeftOut, state.Steps.First(s => s.Id == "start").Status);
        Assert.Equal("Stopped/backup", harness.World.Summary);
        Assert.DoesNotContain(harness.World.Acts, a => a.Activity == "node.start");
        Assert.Null(state.Clock.ProvenAt);
    }

    [Fact]
    public async Task Abort_OfAValidatorsRestore_LeavesTheSignerStopped()
    {
        await using var harness = Harness.Start(server);
        harness.World.Kind = NodeKind.Validator;
        var hold = harness.World.Faults.HoldNext("restore.swap");
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        await hold.Entered;

        await run.DoAsync(Verbs.Abort);
        hold.Release();
        await run.WhenAsync(s => s.Unwinding is not null);
        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Equal("Stopped/former", harness.World.Summary);
        Assert.Contains(state.Missing, m => m.Contains("nothing here starts a signer", StringComparison.Ordinal));
        Assert.DoesNotContain(harness.World.Acts, a => a.Activity == "node.start");
    }

    [Fact]
    public async Task Abort_BeforeTheSwap_ListsWhatIsStaged()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("restore.verify-staged", ErrorTypes.Untrusted);
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);

        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Contains(state.Missing, m => m.Contains("--backup 1000-backup-1", StringComparison.Ordinal));
        Assert.Equal("complete", harness.World.Staged);
        Assert.Equal(StepStatus.Kept, state.Steps.First(s => s.Id == "download").Status);
    }

    [Fact]
    public async Task Run_NodeFoundFrozen_IsNotTouched()
    {
        await using var harness = Harness.Start(server);
        harness.World.Process = ProcessState.Frozen;
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();

        var state = await run.WhenAsync(RunPhase.Parked);

        Assert.Contains("frozen by somebody", state.Headline, StringComparison.Ordinal);
        Assert.DoesNotContain(harness.World.Acts, a => a.Activity == "node.stop");
        await run.AbortAsync();
        await run.ResultAsync();
        Assert.Equal(ProcessState.Frozen, harness.World.Process);
    }

    [Fact]
    public async Task Run_NodeFoundStopped_AnAbortLeavesItStopped()
    {
        await using var harness = Harness.Start(server);
        harness.World.Process = ProcessState.Stopped;
        harness.World.Healthy = false;
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        var parked = await run.WhenAsync(RunPhase.Parked);

        await run.AbortAsync();
        await run.ResultAsync();

        Assert.Equal(StepStatus.AlreadySo, parked.Steps.First(s => s.Id == "stop").Status);
        Assert.Equal("Stopped/former", harness.World.Summary);
    }

    [Fact]
    public async Task Reconcile_Skipped_IsPartialAndSaysWhatIsUnproven()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("chain.await-healthy");
        harness.World.Faults.Fail("chain.reconcile");
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        await run.WhenAsync(s => s.Phase == RunPhase.Parked && s.Steps.First(x => x.Id == "prove").Status == StepStatus.Failed);

        Assert.False((await run.DoAsync(Verbs.Skip)).Accepted);
        await run.DoAsync(Verbs.Retry);
        var reconcile = await run.WhenAsync(s => s.Phase == RunPhase.Parked && s.Steps.First(x => x.Id == "reconcile").Status == StepStatus.Failed);
        await run.DoAsync(Verbs.Skip);
        var state = await run.ResultAsync();

        Assert.NotNull(reconcile.Clock.ProvenAt);
        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.Contains(state.Missing, m => m.Contains("gap to the chain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WithoutReferences_IsUnprovenAndSaysSo()
    {
        await using var harness = Harness.Start(server);
        harness.World.References = [];
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.Contains(state.Missing, m => m.Contains("no other node's RPC", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Notify_Fails_IsVisibleInTheRun()
    {
        await using var harness = Harness.Start(server);
        harness.World.NotifyWorks = false;
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Contains(state.Journal, j => j.Event == "notify.failed" && j.Text.Contains("refused", StringComparison.Ordinal));
        Assert.All(harness.World.Notifications, n => Assert.StartsWith("[practice] ", n.Summary, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Evidence_NotWritten_IsNoSuccess()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("evidence.write");
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.Null(state.Evidence);
        Assert.Contains(state.Missing, m => m.Contains("evidence", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_ProviderStateWithoutAProbe_IsRestoredAndItsHealthIsNotConfigured()
    {
        await using var harness = Harness.Start(server);
        (harness.World.Kind, harness.World.HasProbe) = (NodeKind.Provider, false);
        var run = await harness.RestoreAsync(i => i with { Kind = BackupKinds.ProviderState });
        await run.ApproveAsync();

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.Equal("Running/backup", harness.World.Summary);
        Assert.Contains(state.Missing, m => m.Contains("not configured: the probe of", StringComparison.Ordinal));
    }
}
