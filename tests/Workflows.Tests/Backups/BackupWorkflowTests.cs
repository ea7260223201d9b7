using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Backups;

public sealed class BackupWorkflowTests(DevServer server)
{
    [Theory]
    [InlineData(WorkflowTypes.BackupChainState, BackupKinds.ChainState)]
    [InlineData(WorkflowTypes.BackupProviderState, BackupKinds.ProviderState)]
    [InlineData(WorkflowTypes.BackupConfiguration, BackupKinds.Configuration)]
    public async Task Backup_AllNodes_CapturesUploadsReplicatesAndFreesTheLock(string workflow, string kind)
    {
        await using var harness = Harness.Start(server);

        var outcome = await RunAsync(harness, workflow, new());

        var receipt = Assert.Single(outcome.Backups);
        Assert.Empty(outcome.Failures);
        Assert.Equal(kind, receipt.Backup.Kind);
        Assert.Equal(["us-east-1", "eu-west-1", "ap-south-1"], receipt.Regions);
        Assert.Empty(harness.NodeFakes.Captured);
        Assert.False(await harness.LockedAsync());
        Assert.Empty(harness.World.Notifications);
    }

    [Fact]
    public async Task Backup_AttemptsAreDiscarded_TakesANewKeyEachTime()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("backup.capture", ErrorTypes.Discarded, permanent: false, times: 2);

        var outcome = await RunAsync(harness, WorkflowTypes.BackupChainState, new() { Node = harness.World.Node });

        Assert.Single(outcome.Backups);
        Assert.Equal(3, Assert.Single(harness.World.Acts, a => a.Activity == "backup.capture").Key.Number);
    }

    [Fact]
    public async Task Backup_ThreeAttemptsAreDiscarded_FailsAndTells()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("backup.capture", ErrorTypes.Discarded, permanent: false, times: 3);

        var failure = await FailureAsync(harness, WorkflowTypes.BackupChainState, new() { Node = harness.World.Node });

        Assert.Equal(ErrorTypes.Discarded, failure.ErrorType);
        Assert.Equal("error", Assert.Single(harness.World.Notifications).Severity);
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Backup_UploadFails_DropsTheStagingAndFreesTheLock()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("backup.upload");

        var failure = await FailureAsync(harness, WorkflowTypes.BackupChainState, new() { Node = harness.World.Node });

        Assert.Contains("backup.upload", failure.Message, StringComparison.Ordinal);
        Assert.Empty(harness.NodeFakes.Captured);
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Backup_ARegionIsLost_IsReportedAndTold()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("repository.replicate:eu-west-1");

        var outcome = await RunAsync(harness, WorkflowTypes.BackupChainState, new() { Node = harness.World.Node });

        var receipt = Assert.Single(outcome.Backups);
        Assert.Equal(["us-east-1", "ap-south-1"], receipt.Regions);
        Assert.StartsWith("eu-west-1: ", Assert.Single(receipt.MissingRegions), StringComparison.Ordinal);
        Assert.Contains("eu-west-1", Assert.Single(harness.World.Notifications).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_VerificationFails_IsAFailureOfABackupThatIsThere()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("repository.verify", ErrorTypes.Untrusted);

        var outcome = await RunAsync(harness, WorkflowTypes.BackupChainState, new() { Node = harness.World.Node });

        Assert.Single(outcome.Backups);
        Assert.Contains("verification", Assert.Single(outcome.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_APathIsLeftOut_IsStoredAndTheRestIsAFailureLineThatIsTold()
    {
        await using var harness = Harness.Start(server);
        harness.World.LeftOut = ["/etc/istio does not exist (/etc/istio is not in the backup)", "/etc/prometheus cannot be read (permission denied)"];

        var outcome = await RunAsync(harness, WorkflowTypes.BackupConfiguration, new() { Node = harness.World.Node });

        Assert.Single(outcome.Backups);
        Assert.Equal(harness.World.LeftOut.Select(text => $"{harness.World.Node}: {text}"), outcome.Failures);
        Assert.Contains("/etc/prometheus", Assert.Single(harness.World.Notifications, n => n.Severity == "warning").Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_DuringARestore_YieldsAndSaysSo()
    {
        await using var harness = Harness.Start(server);
        var restore = await harness.RestoreAsync();
        await restore.WhenAsync(RunPhase.AwaitingApproval);

        var failure = await FailureAsync(harness, WorkflowTypes.BackupChainState, new() { Node = harness.World.Node });

        Assert.Equal(ErrorTypes.Locked, failure.ErrorType);
        Assert.Contains(restore.Id, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(harness.World.Acts, a => a.Activity == "backup.capture");
        await restore.ApproveAsync();
        Assert.Equal(RunOutcome.Succeeded, (await restore.ResultAsync()).Outcome);
    }

    [Theory]
    [InlineData("backup.capture")]
    [InlineData("backup.upload")]
    public async Task Restore_DuringABackup_GetsTheNodeAndNothingHalfStays(string activity)
    {
        await using var harness = Harness.Start(server);
        var hold = harness.World.Faults.HoldNext(activity);
        var backup = await harness.StartAsync(WorkflowTypes.BackupChainState, new BackupInput { Node = harness.World.Node });
        await hold.Entered;

        var restore = await harness.RestoreAsync();
        if (activity == "backup.capture")
        {
            await restore.WhenAsync(s => s.Journal.Any(j => j.Event == "lock.waiting"));
            hold.Release();
        }

        await restore.ApproveAsync();
        var state = await restore.ResultAsync();
        var failure = await ThrownAsync(backup);

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(ErrorTypes.Locked, failure.ErrorType);
        Assert.Contains(restore.Id, failure.Message, StringComparison.Ordinal);
        Assert.Empty(harness.NodeFakes.Captured);
    }

    [Fact]
    public async Task Backup_CancelledDuringTheUpload_DropsTheStagingAndFreesTheLock()
    {
        await using var harness = Harness.Start(server);
        var hold = harness.World.Faults.HoldNext("backup.upload");
        var backup = await harness.StartAsync(WorkflowTypes.BackupChainState, new BackupInput { Node = harness.World.Node });
        await hold.Entered;

        await backup.CancelAsync();
        var failure = await ThrownAsync(backup);

        Assert.Contains("cancelled in the Temporal UI", failure.Message, StringComparison.Ordinal);
        Assert.Empty(harness.NodeFakes.Captured);
        Assert.False(await harness.LockedAsync());
    }

    internal static async Task<ApplicationFailureException> ThrownAsync(WorkflowHandle handle)
    {
        var thrown = await Assert.ThrowsAsync<WorkflowFailedException>(() => handle.GetResultAsync().WaitAsync(TimeSpan.FromSeconds(60)));
        return Assert.IsType<ApplicationFailureException>(thrown.InnerException);
    }

    private static async Task<BackupOutcome> RunAsync(Harness harness, string workflow, BackupInput input) =>
        await (await harness.StartAsync(workflow, input)).GetResultAsync<BackupOutcome>().WaitAsync(TimeSpan.FromSeconds(60));

    private static async Task<ApplicationFailureException> FailureAsync(Harness harness, string workflow, BackupInput input) =>
        await ThrownAsync(await harness.StartAsync(workflow, input));
}
