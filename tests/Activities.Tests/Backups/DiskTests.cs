using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Backups;

/// <summary>Real nodes on real mounts: a data folder that is one, and a disk that becomes full under a slow upload.</summary>
public sealed class DiskTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task BackupAndRestore_DataIsAMountPoint_SwapsEntryByEntryAndBack()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        await estate.Nodes.StopAsync(estate.Act("stop"));
        var data = Path.Combine(estate.Home, "data");
        var volume = Path.Combine(estate.Home, "volume");
        Directory.Move(data, volume);
        await using var mount = await RootMount.MakeAsync(data, "--bind", volume);
        await StartAsync(estate);
        var backup = await estate.BackUpAsync("b1");
        await estate.Nodes.StopAsync(estate.Act("stop"));
        var mark = Path.Combine(data, "application.db", "left-over.log");
        await File.WriteAllTextAsync(mark, "a journal that must not be replayed", _token);
        var state = await File.ReadAllTextAsync(Path.Combine(data, "priv_validator_state.json"), _token);

        RestoreAct Act(string step) => new(estate.Key(step), estate.Slice, backup, []);
        Assert.True((await estate.Restores.StageAsync(Act("stage"))).Complete);
        Assert.True((await estate.Restores.VerifyStagedAsync(Act("verify"))).Complete);
        var swapped = await estate.Restores.SwapAsync(Act("swap"));

        Assert.True(swapped.Swapped);
        Assert.False(File.Exists(mark));
        Assert.StartsWith(data + "/", swapped.Kept, StringComparison.Ordinal);
        Assert.Equal(state, await File.ReadAllTextAsync(Path.Combine(data, "priv_validator_state.json"), _token));
        await StartAsync(estate);
        await estate.Nodes.StopAsync(estate.Act("stop"));

        Assert.False((await estate.Restores.SwapBackAsync(Act("back"))).Swapped);
        Assert.True(File.Exists(mark));
        File.Delete(mark);
        await StartAsync(estate);
        await estate.Nodes.StopAsync(estate.Act("stop"));
    }

    [Fact]
    public async Task Upload_DiskFillsWhileItIsSlow_StagingIsDroppedAndTheNodeIsUnharmed()
    {
        using var folder = new TempFolder();
        await using var disk = await RootMount.MakeAsync(folder.File("disk"), "-t", "tmpfs", "-o", "size=96m", "tmpfs");
        await using var estate = await MiniEstate.StartAsync(_token, network: folder.File("disk/net"));
        estate.Slice = estate.Slice with { Backups = estate.Slice.Backups with { RateLimit = 64 << 10, ReadRate = 64 << 10 } };
        var captures = Path.Combine(estate.Home, ".virtengine-dr", "captures");
        var staged = await estate.Backups.CaptureAsync(new CaptureCommand(estate.Key("capture"), estate.Slice, BackupKinds.ChainState));
        Assert.NotEmpty(Directory.GetDirectories(captures));

        var uploading = estate.Backups.UploadAsync(new UploadCommand(estate.Key("upload"), estate.Slice, BackupKinds.ChainState, staged, "b1"));
        var bucket = new Uri(estate.Slice.Buckets[0].Url).LocalPath;
        await Eventually.TrueAsync(() => Directory.Exists(bucket) && Directory.EnumerateFiles(bucket, "*", SearchOption.AllDirectories).Any(), "the upload has begun");
        var filler = folder.File("disk/compaction");
        var free = new DriveInfo(folder.File("disk")).AvailableFreeSpace;
        await File.WriteAllBytesAsync(filler, new byte[free - (5 << 20)], _token);

        var failure = await Make.FailureAsync(uploading);

        Assert.True(failure.ErrorType == ErrorTypes.NoSpace, failure.Message);
        Assert.Empty(Directory.GetDirectories(captures));
        Assert.Equal(Health.Healthy, (await estate.Chain.AwaitHealthyAsync(estate.Health)).Health);
        File.Delete(filler);
        estate.Slice = estate.Slice with { Backups = estate.Slice.Backups with { RateLimit = 0, ReadRate = 0 } };
        Assert.True((await estate.BackUpAsync("b2")).Files > 0);
    }

    private static async Task StartAsync(MiniEstate estate)
    {
        await estate.Nodes.StartAsync(estate.Act("start"));
        Assert.Equal(Health.Healthy, (await estate.Chain.AwaitHealthyAsync(estate.Health)).Health);
    }
}
