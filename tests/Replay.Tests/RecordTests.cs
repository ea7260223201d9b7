using System.Text.RegularExpressions;
using Temporalio.Client;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Replay.Tests;

/// <summary>
/// Records a release's histories: <c>VIRTENGINE_RECORD_HISTORIES=tests/Replay.Tests/Histories/0.1.0 VirtEngine.DR.Replay.Tests -explicit only</c>.
/// Histories of a release are never changed afterwards; a workflow that cannot replay them needs a patch.
/// </summary>
public sealed partial class RecordTests(DevServer server) : IClassFixture<DevServer>
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("VIRTENGINE_RECORD_HISTORIES");

    [Fact(Explicit = true)]
    public async Task Record_RestoreThatParksAndSucceeds_AndItsLock()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("restore.swap");
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);
        await run.DoAsync(Verbs.Pause);
        await run.DoAsync(Verbs.Retry);
        await run.DoAsync(Verbs.Resume);
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.BackupRestore, "succeeded");
        await SaveAsync(harness.Client.GetWorkflowHandle(harness.LockId), WorkflowTypes.Lock, "released");
    }

    [Fact(Explicit = true)]
    public async Task Record_RestoreThatIsCancelledAndUnwound()
    {
        await using var harness = Harness.Start(server);
        harness.World.Healthy = false;
        harness.World.Newer = ["1100-backup-2: unproven"];
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);
        await run.Handle.CancelAsync();
        var shown = await run.WhenAsync(s => s.Unwinding is not null);
        await run.SignalAsync(Verbs.Abort, new() { By = "bob", Digest = shown.Unwinding!.Digest });
        Assert.Equal(RunOutcome.RolledBack, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.BackupRestore, "rolled-back");
    }

    [Fact(Explicit = true)]
    public async Task Record_RestoreOfAValidator()
    {
        await using var harness = Harness.Start(server);
        harness.World.Kind = NodeKind.Validator;
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        Assert.Equal(RunOutcome.Partial, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.BackupRestore, "validator");
    }

    [Fact(Explicit = true)]
    public async Task Record_RestoreOfALostHome()
    {
        await using var harness = Harness.Start(server);
        (harness.World.Home, harness.World.NodeId, harness.World.Process) = ("lost", null, Contracts.Nodes.ProcessState.Stopped);
        harness.World.Faults.LoseAnswer("home.prepare");
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);
        await run.DoAsync(Verbs.Retry);
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.BackupRestore, "lost-home");
    }

    [Fact(Explicit = true)]
    public async Task Record_RestoreOfConfiguration()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.RestoreAsync(i => i with { Kind = BackupKinds.Configuration });
        await run.ApproveAsync();
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.BackupRestore, "configuration");
    }

    [Theory(Explicit = true)]
    [InlineData(true, "restarted")]
    [InlineData(false, "restored")]
    public async Task Record_CureOfACrashedNode(bool restartHelps, string name)
    {
        await using var harness = Harness.Start(server);
        harness.World.Process = Contracts.Nodes.ProcessState.Stopped;
        harness.World.FormerIsWhole = restartHelps;
        var run = await harness.CureAsync();
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.NodeFailure, name);
    }

    [Fact(Explicit = true)]
    public async Task Record_CureThatParksAndIsUnwound()
    {
        await using var harness = Harness.Start(server);
        harness.World.Process = Contracts.Nodes.ProcessState.Frozen;
        (harness.World.Hung, harness.World.Healthy) = (true, false);
        var run = await harness.CureAsync();
        await run.WhenAsync(RunPhase.Parked);
        await run.AbortAsync();
        Assert.Equal(RunOutcome.RolledBack, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.NodeFailure, "rolled-back");
    }

    [Fact(Explicit = true)]
    public async Task Record_LockWhoseHolderIsGone()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.RestoreAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        await run.Handle.TerminateAsync("gone");
        var handle = harness.Client.GetWorkflowHandle(harness.LockId);
        await Eventually.GetAsync(() => handle.QueryAsync<Contracts.Locks.LockState>("state", []), s => s.Orphaned);
        await Eventually.GetAsync(() => Task.FromResult(harness.World.Notifications.Any(n => n.Severity == "critical")), told => told);
        await handle.SignalAsync("release", [new Contracts.Locks.LockRelease { By = "bob", ApprovedBy = "carol", Why = "test" }]);
        await handle.GetResultAsync();

        await SaveAsync(handle, WorkflowTypes.Lock, "orphaned");
    }

    [Theory(Explicit = true)]
    [InlineData(WorkflowTypes.BackupChainState)]
    [InlineData(WorkflowTypes.BackupProviderState)]
    [InlineData(WorkflowTypes.BackupConfiguration)]
    public async Task Record_BackupWithADiscardedAttemptAndALostRegion(string workflow)
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("backup.capture", ErrorTypes.Discarded, permanent: false);
        harness.World.Faults.Fail("repository.replicate:eu-west-1");
        var handle = await harness.StartAsync(workflow, new BackupInput());
        Assert.Single((await handle.GetResultAsync<BackupOutcome>()).Backups);

        await SaveAsync(handle, workflow, "lost-region");
    }

    [Fact(Explicit = true)]
    public async Task Record_BackupThatIsCancelled()
    {
        await using var harness = Harness.Start(server);
        var hold = harness.World.Faults.HoldNext("backup.upload");
        var handle = await harness.StartAsync(WorkflowTypes.BackupChainState, new BackupInput { Node = harness.World.Node });
        await hold.Entered;
        await handle.CancelAsync();
        await Assert.ThrowsAsync<Temporalio.Exceptions.WorkflowFailedException>(() => handle.GetResultAsync());

        await SaveAsync(handle, WorkflowTypes.BackupChainState, "cancelled");
    }

    [Fact(Explicit = true)]
    public async Task Record_RestoreThatRelapsesAndIsRepairedAfterItWasKilled()
    {
        await using var harness = Harness.Start(server);
        harness.World.Watch = new() { Period = TimeSpan.FromMinutes(10) };
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Watching);
        harness.World.Healthy = false;
        await run.WhenAsync(s => s is { Phase: RunPhase.AwaitingApproval, Plan.Number: 2 });
        harness.World.Healthy = true;
        harness.World.Staged = "none";
        await run.ApproveAsync("carol");
        await run.WhenAsync(s => s is { Phase: RunPhase.Watching, Plan.Number: 2 });
        var left = (await run.StateAsync()).Handover!;
        await run.Handle.TerminateAsync("killed");
        var handle = harness.Client.GetWorkflowHandle(harness.LockId);
        await Eventually.GetAsync(() => handle.QueryAsync<Contracts.Locks.LockState>("state", []), s => s.Orphaned);
        var repair = await harness.RepairAsync(left, of: run);
        await repair.ApproveGateAsync("carol");
        Assert.Equal(RunOutcome.RolledBack, (await repair.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.BackupRestore, "relapsed");
        await SaveAsync(repair.Handle, WorkflowTypes.BackupRestore, "repair");
        await SaveAsync(handle, WorkflowTypes.Lock, "repaired");
        await SaveAsync(harness.Client.GetWorkflowHandle(Names.LockId("region", harness.World.Region)), WorkflowTypes.Lock, "shared");
    }

    [Fact(Explicit = true)]
    public async Task Record_TrustAnchorThatARegionDoesNotKeep()
    {
        await using var harness = Harness.Start(server);
        harness.World.References = [new("full-9"), new("full-8"), new("full-7")];
        harness.World.Faults.Fail("anchors.keep:eu-west-1");
        var handle = await harness.StartAsync(WorkflowTypes.TrustAnchors, new Contracts.Chain.AnchorInput());
        Assert.Single((await handle.GetResultAsync<Contracts.Chain.AnchorOutcome>()).Problems);

        await SaveAsync(handle, WorkflowTypes.TrustAnchors, "a-region-fails");
    }

    [Fact(Explicit = true)]
    public async Task Record_CureByAStateSyncThatDoesNotHelp_AndARestore()
    {
        await using var harness = Harness.Start(server);
        harness.World.Process = Contracts.Nodes.ProcessState.Stopped;
        harness.World.DataPresent = false;
        harness.World.References = [new("full-9"), new("full-8"), new("full-7")];
        harness.StartOther("full-9");
        harness.World.ChainHeight = 101_200;
        harness.World.Sync.SnapshotHeight = 101_000;
        harness.World.Sync.Works = false;
        var run = await harness.CureAsync();
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);

        await SaveAsync(run.Handle, WorkflowTypes.NodeFailure, "statesync-then-restore");
    }

    [Fact(Explicit = true)]
    public async Task Record_ScheduleCheckThatTells()
    {
        await using var harness = Harness.Start(server, node: false);
        harness.World.Schedules = [new(WorkflowTypes.BackupChainState, TimeSpan.FromHours(1), true, false, 2, null, null)];
        var check = await harness.StartAsync(WorkflowTypes.CheckSchedules, new ScheduleCheckInput());
        Assert.Single((await check.GetResultAsync<ScheduleCheckOutcome>()).Problems);

        await SaveAsync(check, WorkflowTypes.CheckSchedules, "missed");
    }

    [Fact(Explicit = true)]
    public async Task Record_VerificationAndPruning()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("repository.verify");
        harness.World.Faults.Fail("repository.prune");
        var verify = await harness.StartAsync(WorkflowTypes.VerifyBackups, new VerifyInput());
        var prune = await harness.StartAsync(WorkflowTypes.PruneBackups, new PruneInput());
        await verify.GetResultAsync();
        await prune.GetResultAsync();

        await SaveAsync(verify, WorkflowTypes.VerifyBackups, "a-region-fails");
        await SaveAsync(prune, WorkflowTypes.PruneBackups, "a-region-fails");
    }

    [Fact(Explicit = true)]
    public async Task Record_KeptDataThatIsListedAndDropped()
    {
        await using var harness = Harness.Start(server);
        foreach (var (name, year) in new[] { ("old", 2025), ("new", 2027) })
        {
            harness.World.Kept[name] = new(name, "/home/node/" + name, 100, new(year, 1, 1, 0, 0, 0, TimeSpan.Zero), new string('d', 64), null);
        }

        var drop = await harness.StartAsync(WorkflowTypes.KeptData, new KeptInput { Node = harness.World.Node, Apply = true });
        Assert.Equal(100, (await drop.GetResultAsync<KeptOutcome>()).FreedBytes);

        await SaveAsync(drop, WorkflowTypes.KeptData, "one-stays");
    }

    /// <summary>What says where it was recorded, and no more: process identities and stack traces.</summary>
    [GeneratedRegex("(?<=\"(identity|stackTrace)\": ?)\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Place();

    private static async Task SaveAsync(WorkflowHandle handle, string workflow, string scenario)
    {
        Assert.SkipWhen(Folder is null, "VIRTENGINE_RECORD_HISTORIES names no folder to record to");
        Directory.CreateDirectory(Folder);
        var json = (await handle.FetchHistoryAsync()).ToJson();
        await File.WriteAllTextAsync(Path.Combine(Folder, $"{workflow}.{scenario}.json"), Place().Replace(json, "\"\"") + "\n");
    }
}
