using Temporalio.Client;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Locks;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Flow;

public sealed class LockTests(DevServer server)
{
    [Fact]
    public async Task Take_HeldByAnEqualRank_FailsAndNamesTheHolder()
    {
        await using var harness = Harness.Start(server);
        var first = await harness.ToyAsync();
        await first.WhenAsync(RunPhase.AwaitingApproval);

        var second = await harness.ToyAsync(i => i with { Operator = "carol" });
        var failure = await second.FailureAsync();

        Assert.Equal(ErrorTypes.Locked, failure?.ErrorType);
        Assert.Contains(first.Id, failure!.Message, StringComparison.Ordinal);
        Assert.Contains("alice", failure.Message, StringComparison.Ordinal);
        Assert.True(await harness.LockedAsync());
        await first.AbortAsync();
        await first.ResultAsync();
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Take_HeldByALowerRankThatHasNotActed_ItYields()
    {
        await using var harness = Harness.Start(server);
        var drill = await harness.ToyAsync(i => i with { Rank = 0 });
        await drill.WhenAsync(RunPhase.AwaitingApproval);

        var live = await harness.ToyAsync(i => i with { Gates = false });

        Assert.Equal(RunOutcome.Superseded, (await drill.ResultAsync()).Outcome);
        Assert.Equal(RunOutcome.Succeeded, (await live.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Take_ByABackupFromADrillThatHasActed_TheDrillPausesBecauseABackupTakesNothingOver()
    {
        await using var harness = Harness.Start(server);
        var drill = await harness.ToyAsync(i => i with { Rank = 0 });
        await drill.ApproveAsync();
        await drill.WhenAsync(s => s.Gates[1].Open);

        var backup = await harness.StartAsync(WorkflowTypes.BackupChainState, new Contracts.Backups.BackupInput { Node = harness.World.Node });
        var paused = await drill.WhenAsync(RunPhase.Paused);
        Assert.Contains(paused.Journal, j => j.Event == "yield.paused" && j.Actor == backup.Id);
        await drill.AbortAsync();

        Assert.Equal(RunOutcome.RolledBack, (await drill.ResultAsync()).Outcome);
        Assert.Single((await backup.GetResultAsync<Contracts.Backups.BackupOutcome>()).Backups);
    }

    [Fact]
    public async Task DryRun_WhileLocked_ShowsThePlanAndLocksNothing()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.ToyAsync(i => i with { Mode = RunMode.DryRun });

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Planned, state.Outcome);
        Assert.NotEmpty(state.Steps);
        Assert.False(await harness.LockedAsync());
        Assert.Empty(harness.World.Acts);
        Assert.Empty(harness.World.Notifications);
        Assert.Empty(harness.World.Evidence);
    }

    [Fact]
    public async Task Lock_HolderTerminated_IsOrphanedAndFreedOnlyByAnApprovedRelease()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.ToyAsync();
        await run.ApproveAsync();
        await run.WhenAsync(s => s.Gates[1].Open);
        await run.Handle.TerminateAsync("gone");
        var handle = harness.Client.GetWorkflowHandle(harness.LockId);
        var orphan = await Eventually.GetAsync(() => handle.QueryAsync<LockState>("state", []), s => s.Orphaned);

        Assert.Equal(run.Id, Assert.Single(orphan.Holders).Holder.WorkflowId);
        await Eventually.GetAsync(() => Task.FromResult(harness.World.Notifications.Count(n => n.Severity == "critical")), n => n == 1);
        Assert.Equal(ErrorTypes.Locked, (await (await harness.ToyAsync()).FailureAsync())?.ErrorType);
        LockRelease[] refused =
        [
            new(), new() { By = "bob" }, new() { By = "bob", Why = "unwound by hand" }, new() { By = "bob", Why = "unwound by hand", ApprovedBy = "Bob" },
            new() { By = "bob", ApprovedBy = "carol" }, new() { WorkflowId = run.Id },
        ];
        foreach (var release in refused)
        {
            Assert.False((await handle.ExecuteUpdateAsync<LockReply>(LockVerbs.Release, [release])).Released);
        }

        var reply = await handle.ExecuteUpdateAsync<LockReply>(LockVerbs.Release, [new LockRelease { By = "bob", Why = "unwound by hand", ApprovedBy = "carol" }]);
        Assert.True(reply.Released);
        await Eventually.GetAsync(harness.LockedAsync, held => !held);
    }

    [Fact]
    public async Task Lock_HolderAlive_AnApprovedReleaseAndACancellationDoNotFreeIt()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.ToyAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        var handle = harness.Client.GetWorkflowHandle(harness.LockId);

        await handle.CancelAsync();
        var reply = await handle.ExecuteUpdateAsync<LockReply>(LockVerbs.Release, [new LockRelease { By = "bob", Why = "now", ApprovedBy = "carol" }]);

        Assert.False(reply.Released);
        Assert.True(await harness.LockedAsync());
        await run.AbortAsync();
        await run.ResultAsync();
        Assert.False(await harness.LockedAsync());
    }
}
