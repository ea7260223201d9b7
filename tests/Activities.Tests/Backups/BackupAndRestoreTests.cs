using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Tests.Backups;

public sealed class BackupAndRestoreTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task BackupThenRestore_DiskLost_NodeIsHealthyAgain()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        var receipt = await BackUpAsync(estate, "b1");
        Assert.Equal(["r1"], receipt.Regions);
        Assert.Equal("frozen", receipt.Method);
        Assert.True(receipt.Backup.Height > 0);
        Assert.Equal(64, receipt.Backup.AppHash?.Length);
        Assert.Empty(Directory.GetDirectories(Path.Combine(estate.Home, ".virtengine-dr", "captures")));

        var copied = await estate.Repository.ReplicateAsync(new ReplicateCommand(estate.Slice, receipt.Backup, estate.Slice.Buckets[0], estate.Slice.Buckets[1]));
        Assert.Equal(1, copied.Rung);
        var verified = await estate.Repository.VerifyAsync(new VerifyCommand(estate.Slice, receipt.Backup, estate.Slice.Buckets[1], 3));
        Assert.Equal(3, verified.Rung);

        var choice = await estate.Repository.ChooseAsync(new ChooseCommand(estate.Slice, BackupKinds.ChainState, "newest", null));
        Assert.Equal(receipt.Backup.Digest, choice.Backup.Digest);
        Assert.Equal(["r1", "r2"], choice.Regions.Order());

        // A running node is never restored onto.
        RestoreAct Act(string step) => new(estate.Key(step), estate.Slice, choice.Backup, choice.Regions);
        var staged = await estate.Restores.StageAsync(Act("stage"));
        Assert.True(staged is { Complete: true, Downloaded: > 0 });
        Assert.Equal(ErrorTypes.Conflict, (await Make.FailureAsync(estate.Restores.SwapAsync(Act("swap")))).ErrorType);

        await estate.Nodes.StopAsync(estate.Act("stop"));
        Directory.Delete(Path.Combine(estate.Home, "data"), recursive: true);
        Directory.CreateDirectory(Path.Combine(estate.Home, "data"));
        Assert.True((await estate.Restores.VerifyStagedAsync(Act("verify"))).Complete);
        Assert.False((await estate.Restores.SwappedAsync(Act("look"))).Swapped);
        var swapped = await estate.Restores.SwapAsync(Act("swap"));
        Assert.True(swapped.Swapped);
        Assert.True((await estate.Restores.SwapAsync(Act("swap"))).Swapped);
        Assert.Equal(choice.Backup.Digest, (await estate.Nodes.ObserveAsync(estate.Slice.Target)).RestoredFrom);
        await estate.Nodes.StartAsync(estate.Act("start"));
        var health = await estate.Chain.AwaitHealthyAsync(estate.Health with { AtLeastHeight = receipt.Backup.Height });
        Assert.Equal(Health.Healthy, health.Health);
        Assert.NotNull(health.AppHashAgreesAt);
        await estate.Restores.DropStagedAsync(Act("drop"));
        await estate.Restores.DropStagedAsync(Act("drop"));
    }

    [Fact]
    public async Task Prove_GoodBackup_ReachesRungFourAndIsTheNewestProven()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        var receipt = await BackUpAsync(estate, "b1");
        var none = await Make.FailureAsync(estate.Repository.ChooseAsync(new ChooseCommand(estate.Slice, BackupKinds.ChainState, "newest-proven", null)));
        Assert.Equal(ErrorTypes.NotFound, none.ErrorType);
        var report = await estate.Restores.ProveAsync(new VerifyCommand(estate.Slice, receipt.Backup, estate.Slice.Buckets[0], 4));
        Assert.Equal(4, report.Rung);
        Assert.True(report.Height >= receipt.Backup.Height);
        Assert.Contains("reference: validator-0", report.Findings);
        Assert.Empty(Directory.GetDirectories(estate.Scratch));
        var choice = await estate.Repository.ChooseAsync(new ChooseCommand(estate.Slice, BackupKinds.ChainState, "newest-proven", null));
        Assert.Equal(receipt.Backup.Id, choice.Backup.Id);
        Assert.Equal(4, choice.ProvenRung);
    }

    [Fact]
    public async Task Prove_NoReference_IsUnprovenAndNotFailed()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        var receipt = await BackUpAsync(estate, "b1");
        var alone = estate.Slice with { References = [] };
        var report = await estate.Restores.ProveAsync(new VerifyCommand(alone, receipt.Backup, estate.Slice.Buckets[0], 4));
        Assert.Equal(3, report.Rung);
        Assert.Contains(report.Findings, finding => finding.StartsWith("unproven", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Swap_SameBackupByALaterRun_ReplacesTheDataAgain()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        var receipt = await BackUpAsync(estate, "b1");
        RestoreAct Act(string run, int number) => new(new("wf-" + run, run, run, "swap", "do", number), estate.Slice, receipt.Backup, ["r1"]);
        await estate.Restores.StageAsync(Act("one", 1));
        await estate.Nodes.StopAsync(estate.Act("stop"));
        Assert.True((await estate.Restores.SwapAsync(Act("one", 2))).Swapped);
        var mark = Path.Combine(estate.Home, "data", "rot");
        await File.WriteAllTextAsync(mark, "since then", _token);
        Assert.False((await estate.Restores.SwappedAsync(Act("two", 1))).Swapped);
        Assert.False((await estate.Restores.SwapBackAsync(Act("two", 1))).Swapped);
        Assert.True(File.Exists(mark));
        await estate.Restores.StageAsync(Act("two", 2));
        Assert.True((await estate.Restores.SwapAsync(Act("two", 3))).Swapped);
        Assert.False(File.Exists(mark));
        Assert.False((await estate.Restores.SwapBackAsync(Act("two", 4))).Swapped);
        Assert.True(File.Exists(mark));
    }

    [Fact]
    public async Task SwapBack_AfterASwap_FormerDataIsBack()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        var receipt = await BackUpAsync(estate, "b1");
        RestoreAct Act(string step) => new(estate.Key(step), estate.Slice, receipt.Backup, ["r1"]);
        await estate.Restores.StageAsync(Act("stage"));
        await estate.Nodes.StopAsync(estate.Act("stop"));
        await File.WriteAllTextAsync(Path.Combine(estate.Home, "data", "mark"), "former", _token);
        Assert.True((await estate.Restores.SwapAsync(Act("swap"))).Swapped);
        Assert.False(File.Exists(Path.Combine(estate.Home, "data", "mark")));
        var back = await estate.Restores.SwapBackAsync(Act("back"));
        Assert.False(back.Swapped);
        Assert.True(File.Exists(Path.Combine(estate.Home, "data", "mark")));
        Assert.False((await estate.Restores.SwapBackAsync(Act("back"))).Swapped);
        Assert.Null((await estate.Nodes.ObserveAsync(estate.Slice.Target)).RestoredFrom);
    }

    [Fact]
    public async Task Upload_AfterTheWorkerIsGone_GoesOnFromTheStagedFiles()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        var capture = new CaptureCommand(estate.Key("capture"), estate.Slice, BackupKinds.ChainState);
        var staged = await estate.Backups.CaptureAsync(capture);

        // The answer was lost: the same key finds the same instant, the node is not frozen twice.
        Assert.Equal(staged, await estate.Backups.CaptureAsync(capture));

        // Everything in memory is gone; what stands on disk suffices. The node compacts and goes on meanwhile.
        var upload = new UploadCommand(estate.Key("upload"), estate.Slice, BackupKinds.ChainState, staged, "b1");
        var receipt = await estate.Backups.UploadAsync(upload);
        Assert.Equal(receipt.Backup, (await estate.Backups.UploadAsync(upload)).Backup);
        await estate.Backups.DiscardAsync(upload);
        Assert.Equal(ErrorTypes.Discarded, (await Make.FailureAsync(estate.Backups.UploadAsync(upload))).ErrorType);
    }

    [Fact]
    public async Task Discard_FolderOfSomebodyElse_IsRefused()
    {
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        var receipt = new CaptureReceipt(Path.Combine(estate.Home, "config"), "frozen", DateTimeOffset.UtcNow, TimeSpan.Zero, 1, 1, 1, null);
        var command = new UploadCommand(estate.Key("upload"), estate.Slice, BackupKinds.ChainState, receipt, "b1");
        Assert.Equal(ErrorTypes.InvalidInput, (await Make.FailureAsync(estate.Backups.DiscardAsync(command))).ErrorType);
        Assert.True(Directory.Exists(Path.Combine(estate.Home, "config")));
    }

    [Fact]
    public async Task Capture_EncryptionNotConfigured_IsRefused()
    {
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        var failure = await Make.FailureAsync(estate.Backups.CaptureAsync(new CaptureCommand(estate.Key("c"), estate.Slice, BackupKinds.Configuration)));
        Assert.Equal(ErrorTypes.NotConfigured, failure.ErrorType);
    }

    [Fact]
    public async Task Choose_NothingThere_SaysWhatThereIs()
    {
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        var failure = await Make.FailureAsync(estate.Repository.ChooseAsync(new ChooseCommand(estate.Slice, BackupKinds.ChainState, "newest", null)));
        Assert.Equal(ErrorTypes.NotFound, failure.ErrorType);
        Assert.True(failure.NonRetryable);
    }

    private static async Task<BackupReceipt> BackUpAsync(MiniEstate estate, string id)
    {
        var staged = await estate.Backups.CaptureAsync(new CaptureCommand(estate.Key("capture"), estate.Slice, BackupKinds.ChainState));
        var upload = new UploadCommand(estate.Key("upload"), estate.Slice, BackupKinds.ChainState, staged, id);
        var receipt = await estate.Backups.UploadAsync(upload);
        await estate.Backups.DiscardAsync(upload);
        return receipt;
    }
}
