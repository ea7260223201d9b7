using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Retention;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Backups.Verification;
using VirtEngine.DR.Backups.Writing;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Retention;

public sealed class PrunerTests : IDisposable
{
    private static readonly PruneOptions KeepOne = new(new Dictionary<string, KeepRules> { [BackupKinds.ChainState] = new(Last: 1) }, TimeSpan.FromHours(24));
    private readonly Bench _bench = new();

    [Fact]
    public async Task PruneAsync_DryRun_ChangesNothingAndSaysWhatItWouldDo()
    {
        var repository = await TwoBackupsAsync();
        var before = Bench.ReadTree(_bench.StorePath).Keys.Order().ToList();

        var result = await new Pruner(repository, KeepOne).PruneAsync("virtengine-1", "fullnode-0", dryRun: true, Bench.Token);

        Assert.Equal(1, result.ManifestsRemoved);
        Assert.True(result.ObjectsMarked > 0);
        Assert.Equal(before, Bench.ReadTree(_bench.StorePath).Keys.Order());
    }

    [Fact]
    public async Task PruneAsync_OldBackup_LosesItsObjectsAndTheNewOneKeepsItsOwn()
    {
        var repository = await TwoBackupsAsync();

        var result = await new Pruner(repository, KeepOne).PruneAsync("virtengine-1", "fullnode-0", dryRun: false, Bench.Token);

        Assert.True(result.ObjectsDeleted > 0);
        var left = Assert.Single((await Bench.Catalog(repository).ListAsync(Bench.Scope, Bench.Token)).Entries);
        Assert.Equal(2, left.Height);
        Assert.All(await new BackupVerifier(new VerifierOptions("test")).VerifyAsync(repository, left.Key, Rung.Read, null, Bench.Token), record => Assert.True(record.Passed));
        var named = Bench.ReadTree(_bench.StorePath).Keys.Count(key => key.Contains("/objects/", StringComparison.Ordinal) || key.Contains("/packs/", StringComparison.Ordinal));
        Assert.Equal((await VirtEngine.DR.Backups.Manifests.ManifestReader.ReadAsync(repository, left.Key, Bench.Token)).Manifest.Objects.Count, named);
    }

    [Fact]
    public async Task PruneAsync_DamagedManifest_StopsBeforeAnythingIsDeleted()
    {
        var repository = await TwoBackupsAsync();
        var entry = (await Bench.Catalog(repository).ListAsync(Bench.Scope, Bench.Token)).Entries[0];
        var path = Path.Combine(_bench.StorePath, entry.Key);
        await File.AppendAllTextAsync(path, " ", Bench.Token);
        var before = Bench.ReadTree(_bench.StorePath).Count;

        var error = await Assert.ThrowsAsync<BackupException>(() => new Pruner(repository, KeepOne).PruneAsync("virtengine-1", "fullnode-0", false, Bench.Token));

        Assert.Equal(BackupErrorCodes.CollectionStopped, error.Code);
        Assert.Equal(before, Bench.ReadTree(_bench.StorePath).Count);
    }

    [Fact]
    public async Task PruneAsync_UnknownObjectUnderTheNode_Stops()
    {
        var repository = await TwoBackupsAsync();
        await repository.Store.PutAsync("virtengine-1/fullnode-0/chain-state/whatever.v2", new byte[] { 1 }, null, Bench.Token);

        Assert.Equal(BackupErrorCodes.CollectionStopped, (await Assert.ThrowsAsync<BackupException>(() => new Pruner(repository, KeepOne).PruneAsync("virtengine-1", "fullnode-0", false, Bench.Token))).Code);
    }

    [Fact]
    public async Task PruneAsync_ManifestOfTheFuture_Stops()
    {
        var repository = await TwoBackupsAsync();
        await Bench.WriteAsync(repository, height: 9, id: BackupId.Create(9, DateTimeOffset.UtcNow.AddMinutes(30)));

        Assert.Equal(BackupErrorCodes.CollectionStopped, (await Assert.ThrowsAsync<BackupException>(() => new Pruner(repository, KeepOne).PruneAsync("virtengine-1", "fullnode-0", false, Bench.Token))).Code);
    }

    [Fact]
    public async Task PruneAsync_RunningBackup_IsWaitedForAndOldOneRevoked()
    {
        var repository = await TwoBackupsAsync();
        var id = BackupId.Create(3, DateTimeOffset.UtcNow);
        await repository.Store.PutAsync(RepositoryKeys.Intent(Bench.Scope, id), new byte[] { 1 }, null, Bench.Token);

        var waiting = await new Pruner(repository, KeepOne).PruneAsync("virtengine-1", "fullnode-0", false, Bench.Token);
        Assert.Equal(0, waiting.ObjectsDeleted);
        Assert.Equal(RepositoryKeys.Manifest(Bench.Scope, id), Assert.Single(waiting.WaitingFor));

        File.SetLastWriteTimeUtc(Path.Combine(_bench.StorePath, RepositoryKeys.Intent(Bench.Scope, id)), DateTime.UtcNow.AddHours(-25));
        var revoking = await new Pruner(repository, KeepOne).PruneAsync("virtengine-1", "fullnode-0", false, Bench.Token);

        Assert.True(revoking.ObjectsDeleted > 0);
        Assert.Single(revoking.IntentsRevoked);
        Assert.Equal(BackupErrorCodes.BackupRevoked, (await Assert.ThrowsAsync<BackupException>(() => Bench.WriteAsync(repository, height: 3, id: id))).Code);
    }

    [Fact]
    public async Task PruneAsync_DeletedManifestInAVersionedBucket_Stops()
    {
        var store = new VersionedMemoryStore(versioned: true) { Now = DateTimeOffset.UtcNow };
        var repository = await BackupRepository.CreateAsync(store, _bench.Options, Bench.Token);
        var backup = await Bench.WriteAsync(repository);
        await store.DeleteAsync(backup.Key, null, Bench.Token);

        Assert.Equal(BackupErrorCodes.CollectionStopped, (await Assert.ThrowsAsync<BackupException>(() => new Pruner(repository, KeepOne).PruneAsync("virtengine-1", "fullnode-0", false, Bench.Token))).Code);
    }

    private async Task<BackupRepository> TwoBackupsAsync()
    {
        var repository = await _bench.OpenAsync();
        await Bench.WriteAsync(repository, Bench.NodeFiles(1), height: 1, id: BackupId.Create(1, DateTimeOffset.UtcNow.AddMinutes(-1)));
        await Bench.WriteAsync(repository, Bench.NodeFiles(2), height: 2);
        return repository;
    }

    public void Dispose() => _bench.Dispose();
}
