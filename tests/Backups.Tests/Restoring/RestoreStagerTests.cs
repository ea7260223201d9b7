using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Backups.Verification;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Restoring;

public sealed class RestoreStagerTests : IDisposable
{
    private readonly Bench _bench = new();

    [Fact]
    public async Task StageAsync_FlippedByteInAnyObject_IsObjectCorruptAndFailsRungTwo()
    {
        var repository = await _bench.OpenAsync();
        var backup = await Bench.WriteAsync(repository);
        foreach (var item in backup.Manifest.Objects)
        {
            var path = Path.Combine(_bench.StorePath, "virtengine-1/fullnode-0", item.Key);
            var good = await File.ReadAllBytesAsync(path, Bench.Token);
            foreach (var at in new[] { 0, good.Length / 2, good.Length - 1 })
            {
                var bad = (byte[])good.Clone();
                bad[at] ^= 0x40;
                await File.WriteAllBytesAsync(path, bad, Bench.Token);

                var error = await Assert.ThrowsAsync<ObjectCorruptException>(() => new RestoreStager().StageAsync([repository], backup.Key, _bench.Folder.Sub($"h-{item.Sha256}-{at}"), null, Bench.Token));
                Assert.Equal(BackupErrorCodes.ObjectCorrupt, error.Code);
            }

            var records = await new BackupVerifier(new VerifierOptions("test")).VerifyAsync(repository, backup.Key, Rung.Read, null, Bench.Token);
            Assert.True(records[0].Passed);
            Assert.False(records[1].Passed);
            await File.WriteAllBytesAsync(path, good, Bench.Token);
        }
    }

    [Fact]
    public async Task StageAsync_ObjectGone_IsObjectMissingAndFailsRungOne()
    {
        var repository = await _bench.OpenAsync();
        var backup = await Bench.WriteAsync(repository);
        File.Delete(Path.Combine(_bench.StorePath, "virtengine-1/fullnode-0", backup.Manifest.Objects[0].Key));

        var error = await Assert.ThrowsAsync<BackupException>(() => new RestoreStager().StageAsync([repository], backup.Key, _bench.Folder.Sub("h"), null, Bench.Token));

        Assert.Equal(BackupErrorCodes.ObjectMissing, error.Code);
        Assert.False((await new BackupVerifier(new VerifierOptions("test")).VerifyAsync(repository, backup.Key, Rung.Read, null, Bench.Token)).Single().Passed);
    }

    [Fact]
    public async Task StageAsync_SecondSourceHasWhatTheFirstLost_Succeeds()
    {
        var repository = await _bench.OpenAsync();
        var backup = await Bench.WriteAsync(repository);
        var copy = _bench.Folder.Sub("copy");
        foreach (var (path, bytes) in Bench.ReadTree(_bench.StorePath))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, path))!);
            await File.WriteAllBytesAsync(Path.Combine(copy, path), bytes, Bench.Token);
        }

        File.Delete(Path.Combine(_bench.StorePath, "virtengine-1/fullnode-0", backup.Manifest.Objects[0].Key));
        var second = await VirtEngine.DR.Backups.Repositories.BackupRepository.OpenAsync(new VirtEngine.DR.Backups.Storage.LocalFolderStore(copy), _bench.Options, Bench.Token);

        var staged = await new RestoreStager().StageAsync([repository, second], backup.Key, _bench.Folder.Sub("h"), null, Bench.Token);

        Assert.Empty(await FolderComparison.ProblemsAsync(staged.Folder, staged.Manifest, Bench.Token));
    }

    [Fact]
    public async Task StageAsync_LeftOversOfACrash_AreUsedOrRemoved()
    {
        var repository = await _bench.OpenAsync();
        var backup = await Bench.WriteAsync(repository);
        var home = _bench.Folder.Sub("h");
        var folder = (await new RestoreStager().StageAsync([repository], backup.Key, home, null, Bench.Token)).Folder;
        var large = Path.Combine(folder, "data/application.db/000014.log");
        await using (var stream = File.Open(large, FileMode.Open))
        {
            stream.SetLength(6 << 20);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "data/application.db/000099.log"), "a journal that would be replayed", Bench.Token);
        Directory.CreateDirectory(Path.Combine(folder, "data/foreign.db"));
        File.CreateSymbolicLink(Path.Combine(folder, "data/link"), "/etc/passwd");
        var swapped = Path.Combine(folder, "data/application.db/000013.ldb");
        File.Delete(swapped);
        File.CreateSymbolicLink(swapped, Path.Combine(home, "outside"));
        var flipped = Path.Combine(folder, "data/application.db/000012.ldb");
        var bytes = await File.ReadAllBytesAsync(flipped, Bench.Token);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(flipped, bytes, Bench.Token);

        var again = await new RestoreStager().StageAsync([repository], backup.Key, home, null, Bench.Token);

        Assert.Empty(await FolderComparison.ProblemsAsync(again.Folder, again.Manifest, Bench.Token));
        Assert.False(File.Exists(Path.Combine(home, "outside")));
        Assert.True(again.BytesResumed >= 4 << 20, $"{again.BytesResumed} bytes were used again");
        Assert.False(Directory.Exists(Path.Combine(folder, "data/foreign.db")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
    }

    [Fact]
    public async Task StageAsync_CutOffAtEveryObject_ResumesToTheWhole()
    {
        var repository = await _bench.OpenAsync();
        var backup = await Bench.WriteAsync(repository);
        var home = _bench.Folder.Sub("h");
        // Each attempt gets manifest, signature and one object before the connection is lost.
        for (var attempt = 1; attempt < backup.Manifest.Objects.Count; attempt++)
        {
            var failing = await VirtEngine.DR.Backups.Repositories.BackupRepository.OpenAsync(new FailingStore(_bench.Store, 1 + 2 + 1), _bench.Options, Bench.Token);
            var error = await Assert.ThrowsAsync<BackupException>(() => new RestoreStager(new RestoreOptions(Parallelism: 1)).StageAsync([failing], backup.Key, home, null, Bench.Token));
            Assert.True(error.Transient);
        }

        var staged = await new RestoreStager().StageAsync([repository], backup.Key, home, null, Bench.Token);

        Assert.Empty(await FolderComparison.ProblemsAsync(staged.Folder, staged.Manifest, Bench.Token));
        Assert.True(staged.BytesResumed > 0);
    }

    [Fact]
    public async Task StageAsync_NotEnoughSpace_IsRefusedBeforeAnythingIsWritten()
    {
        var repository = await _bench.OpenAsync();
        var backup = await Bench.WriteAsync(repository);

        var error = await Assert.ThrowsAsync<NoSpaceException>(() => new RestoreStager(new RestoreOptions(SpareBytes: long.MaxValue / 2)).StageAsync([repository], backup.Key, _bench.Folder.Sub("h"), null, Bench.Token));

        Assert.True(error.Needed > error.Free);
        Assert.All(Bench.ReadTree(_bench.Folder.Sub("h")), pair => Assert.Empty(pair.Value));
    }

    [Theory]
    [InlineData(BackupKinds.ChainState)]
    [InlineData(BackupKinds.ProviderState)]
    public async Task StageAsync_EveryKeyOverwrittenAndDeleted_IsRestoredFromFormerVersions(string kind)
    {
        var store = new VersionedMemoryStore(versioned: true) { Now = DateTimeOffset.UtcNow };
        var repository = await VirtEngine.DR.Backups.Repositories.BackupRepository.CreateAsync(store, _bench.Options, Bench.Token);
        var scope = Bench.Scope with { Kind = kind };
        var backup = await Bench.WriteAsync(repository, scope: scope);
        foreach (var key in store.Keys.Where(key => key != "repository.json"))
        {
            store.Now += TimeSpan.FromSeconds(1);
            await store.PutAsync(key, new byte[store.Peek(key)!.Length], new VirtEngine.DR.Backups.Storage.PutOptions(Overwrite: true), Bench.Token);
            await store.DeleteAsync(key, null, Bench.Token);
        }

        Assert.Empty((await Bench.Catalog(repository).ListAsync(scope, Bench.Token)).Entries);
        var found = await new VirtEngine.DR.Backups.Catalogs.BackupCatalog([new("us-east", repository)], formerVersions: true).FindAsync(scope, VirtEngine.DR.Backups.Catalogs.BackupSelector.Newest, Bench.Token);
        var staged = await new RestoreStager().StageAsync([repository], found.Entry.Key, _bench.Folder.Sub("h"), null, Bench.Token);

        Assert.Equal(backup.Digest, staged.Digest);
        Assert.Empty(await FolderComparison.ProblemsAsync(staged.Folder, staged.Manifest, Bench.Token));
    }

    [Fact]
    public async Task VerifyAsync_ThreeRungs_AreRecordedAndScratchIsEmptied()
    {
        var repository = await _bench.OpenAsync();
        var backup = await Bench.WriteAsync(repository);
        var scratch = _bench.Folder.Sub("scratch");

        var records = await new BackupVerifier(new VerifierOptions("test", scratch)).VerifyAsync(repository, backup.Key, Rung.Restored, null, Bench.Token);

        Assert.Equal([Rung.Listed, Rung.Read, Rung.Restored], records.Select(record => record.Rung));
        Assert.All(records, record => Assert.True(record.Passed, string.Join(";", record.Problems)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch));
        Assert.Equal(Rung.Restored, (await Bench.Catalog(repository).ListAsync(Bench.Scope, Bench.Token)).Entries.Single().HighestRung);
    }

    public void Dispose() => _bench.Dispose();
}
