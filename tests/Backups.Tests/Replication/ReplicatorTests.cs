using VirtEngine.DR.Backups.Catalogs;
using VirtEngine.DR.Backups.Replication;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Retention;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Backups.Verification;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Replication;

public sealed class ReplicatorTests : IDisposable
{
    private readonly Bench _bench = new();

    [Theory]
    [InlineData(BackupKinds.ChainState)]
    [InlineData(BackupKinds.Configuration)]
    public async Task ReplicateAsync_ThenSourceLost_IsRestorableFromTheReplicaAlone(string kind)
    {
        var (source, target) = await PairAsync();
        var scope = Bench.Scope with { Kind = kind };
        var files = Bench.NodeFiles();
        var backup = await Bench.WriteAsync(source, files, scope);

        var result = await new Replicator().ReplicateAsync(source, target, backup.Key, null, Bench.Token);

        Assert.Equal(backup.Manifest.Objects.Count, result.ObjectsCopied);
        Directory.Delete(_bench.StorePath, recursive: true);
        var staged = await new RestoreStager().StageAsync([target], backup.Key, _bench.Folder.Sub("h"), null, Bench.Token);
        Assert.Equal(files.Count, Bench.ReadTree(staged.Folder).Count);
        Assert.All(await new BackupVerifier(new VerifierOptions("t")).VerifyAsync(target, backup.Key, Rung.Read, null, Bench.Token), record => Assert.True(record.Passed));
    }

    [Fact]
    public async Task ReplicateAsync_SecondBackup_CopiesOnlyWhatTheTargetLacksAndAgainNothing()
    {
        var (source, target) = await PairAsync();
        await new Replicator().ReplicateAsync(source, target, (await Bench.WriteAsync(source)).Key, null, Bench.Token);
        var second = await Bench.WriteAsync(source, height: 1300);

        var result = await new Replicator().ReplicateAsync(source, target, second.Key, null, Bench.Token);
        var again = await new Replicator().ReplicateAsync(source, target, second.Key, null, Bench.Token);

        Assert.Equal(1, result.ObjectsCopied);
        Assert.True(again.AlreadyCommitted);
        var entry = (await new BackupCatalog([new("us-east", source), new("eu-west", target)]).ListAsync(Bench.Scope, Bench.Token)).Entries[0];
        Assert.Equal(["eu-west", "us-east"], entry.Copies.Select(copy => copy.Region));
    }

    [Fact]
    public async Task ReplicateAsync_PrunedInTheTarget_StaysPruned()
    {
        var (source, target) = await PairAsync();
        var first = await Bench.WriteAsync(source, height: 1, id: BackupId.Create(1, DateTimeOffset.UtcNow.AddMinutes(-1)));
        var second = await Bench.WriteAsync(source, Bench.NodeFiles(3), height: 2);
        await new Replicator().ReplicateAsync(source, target, first.Key, null, Bench.Token);
        await new Replicator().ReplicateAsync(source, target, second.Key, null, Bench.Token);
        var rules = new PruneOptions(new Dictionary<string, KeepRules> { [BackupKinds.ChainState] = new(Last: 1) });
        await new Pruner(target, rules).PruneAsync("virtengine-1", "fullnode-0", false, Bench.Token);

        var error = await Assert.ThrowsAsync<BackupException>(() => new Replicator().ReplicateAsync(source, target, first.Key, null, Bench.Token));

        Assert.Equal(BackupErrorCodes.BackupRevoked, error.Code);
        Assert.True((await Bench.Catalog(source).ListAsync(Bench.Scope, Bench.Token)).Entries.Count == 2);
    }

    [Fact]
    public async Task ReplicateAsync_NeededObjectMarkedInTheTarget_Waits()
    {
        var (source, target) = await PairAsync();
        var backup = await Bench.WriteAsync(source);
        var item = backup.Manifest.Objects[0];
        await target.Store.PutAsync("virtengine-1/fullnode-0/marks/00.json", System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new Mark(1, [new MarkedObject("virtengine-1/fullnode-0/" + item.Key, 1, null)]), BackupJson.Options), null, Bench.Token);

        var error = await Assert.ThrowsAsync<BackupException>(() => new Replicator().ReplicateAsync(source, target, backup.Key, null, Bench.Token));

        Assert.Equal(BackupErrorCodes.ObjectMarked, error.Code);
        Assert.True(error.Transient);
        Assert.Empty((await new BackupCatalog([new("eu-west", target)]).ListAsync(Bench.Scope, Bench.Token)).Entries);
    }

    [Fact]
    public async Task ReplicateAsync_SourceObjectCutOff_CommitsNothing()
    {
        var (source, target) = await PairAsync();
        var backup = await Bench.WriteAsync(source);
        var path = Path.Combine(_bench.StorePath, "virtengine-1/fullnode-0", backup.Manifest.Objects[0].Key);
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path, Bench.Token))[..^1], Bench.Token);

        await Assert.ThrowsAsync<ObjectCorruptException>(() => new Replicator().ReplicateAsync(source, target, backup.Key, null, Bench.Token));

        Assert.Null(await target.Store.HeadAsync(backup.Key, Bench.Token));
    }

    [Fact]
    public async Task ReplicateAsync_SameRepository_IsRefused()
    {
        var (source, _) = await PairAsync();

        Assert.Equal(BackupErrorCodes.OptionsInvalid, (await Assert.ThrowsAsync<BackupException>(() => new Replicator().ReplicateAsync(source, source, "x", null, Bench.Token))).Code);
    }

    private async Task<(BackupRepository Source, BackupRepository Target)> PairAsync() =>
        (await _bench.OpenAsync(), await BackupRepository.CreateAsync(new LocalFolderStore(_bench.Folder.Sub("eu")), _bench.Options with { Region = "eu-west" }, Bench.Token));

    public void Dispose() => _bench.Dispose();
}
