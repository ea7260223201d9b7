using System.Diagnostics;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Backups.Verification;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Restoring;

/// <summary>Real full disks: small tmpfs mounts, where the tests may make them.</summary>
public sealed class FullDiskTests : IAsyncDisposable
{
    private readonly Bench _bench = new();
    private string? _mount;

    [Fact]
    public async Task StageAsync_DiskFillsWhileWriting_IsNoSpaceAndResumesAfterRoomWasMade()
    {
        await MountAsync("8m");
        var repository = await _bench.OpenAsync();
        var backup = await Bench.WriteAsync(repository);
        var stager = new RestoreStager(new RestoreOptions(SpareBytes: -(100L << 20)));

        var error = await Assert.ThrowsAsync<NoSpaceException>(() => stager.StageAsync([repository], backup.Key, _mount!, null, Bench.Token));
        Assert.Equal(BackupErrorCodes.NoSpace, error.Code);

        await RunAsync("mount", "-o", "remount,size=64m", _mount!);
        var staged = await stager.StageAsync([repository], backup.Key, _mount!, null, Bench.Token);
        Assert.Empty(await FolderComparison.ProblemsAsync(staged.Folder, staged.Manifest, Bench.Token));
        Assert.True(staged.BytesResumed > 0);
    }

    [Fact]
    public async Task WriteAsync_RepositoryDiskFull_CommitsNothingAndSucceedsAfterRoomWasMade()
    {
        await MountAsync("3m");
        var repository = await VirtEngine.DR.Backups.Repositories.BackupRepository.CreateAsync(new LocalFolderStore(_mount!), _bench.Options, Bench.Token);
        var id = BackupId.Create(1200, DateTimeOffset.UtcNow);

        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => Bench.WriteAsync(repository, id: id));
        Assert.True(error.Transient);
        Assert.Empty((await Bench.Catalog(repository).ListAsync(Bench.Scope, Bench.Token)).Entries);

        await RunAsync("mount", "-o", "remount,size=64m", _mount!);
        var backup = await Bench.WriteAsync(repository, id: id);
        Assert.Equal(id, backup.Id);
        Assert.Empty(Directory.GetFiles(Path.Combine(_mount!, ".tmp")));
    }

    [Fact]
    public async Task SwapAsync_RealMountPoint_MovesEntryByEntry()
    {
        await MountAsync("200m", "home/data");
        var home = Path.GetDirectoryName(_mount!)!;
        var repository = await _bench.OpenAsync();
        var files = Bench.NodeFiles().Where(pair => pair.Key.StartsWith("data/", StringComparison.Ordinal)).ToDictionary();
        var backup = await Bench.WriteAsync(repository, files);
        await File.WriteAllTextAsync(Path.Combine(_mount!, "old.db"), "old", Bench.Token);
        await File.WriteAllTextAsync(Path.Combine(_mount!, "priv_validator_state.json"), """{"height":"77","round":0,"step":3}""", Bench.Token);

        var staged = await new RestoreStager().StageAsync([repository], backup.Key, _mount!, null, Bench.Token);
        var result = await DataSwap.SwapAsync(new SwapRequest(home, staged.Folder, staged.Digest), Bench.Token);

        Assert.Equal("entry-by-entry", result.Method);
        Assert.Equal(77, result.SigningState!.Value.Height);
        Assert.False(File.Exists(Path.Combine(_mount!, "old.db")));
        Assert.Equal(files["data/cs.wal/wal"], await File.ReadAllBytesAsync(Path.Combine(_mount!, "cs.wal/wal"), Bench.Token));
        Assert.Equal("old", await File.ReadAllTextAsync(Path.Combine(result.KeptFolder, "data/old.db"), Bench.Token));
    }

    private async Task MountAsync(string size, string name = "disk")
    {
        var folder = Directory.CreateDirectory(Path.Combine(_bench.Folder.Path, name)).FullName;
        Assert.SkipUnless(await TryRunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder) == 0, "mounting a tmpfs is not allowed here: run as root");
        _mount = folder;
    }

    private static async Task RunAsync(string program, params string[] arguments) => Assert.Equal(0, await TryRunAsync(program, arguments));

    private static async Task<int> TryRunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_mount is not null)
        {
            await RunAsync("umount", _mount);
        }

        _bench.Dispose();
    }
}
