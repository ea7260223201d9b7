using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Catalogs;
using VirtEngine.DR.Backups.Replication;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Writing;

namespace VirtEngine.DR.Activities.Tests.ObjectStore;

/// <summary>Locks on real servers: versitygw refuses to shorten one, moto knows lifecycle rules.</summary>
public sealed class ObjectLockTests
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    public static TheoryData<string> Peers => new("versitygw", "moto-server");

    [Theory]
    [MemberData(nameof(Peers))]
    public async Task Write_LockedBucket_EverythingOfTheBackupIsLockedByTheBucketsClock(string peer)
    {
        await using var server = await S3Peer.StartAsync(peer, _token, locked: true);
        using var bench = new BackupBench();
        var repository = await bench.OpenAsync(server.Open(locked: true), _token);
        var before = DateTimeOffset.UtcNow;

        var result = await bench.WriteAsync(repository, Period, _token);

        var prefix = RepositoryKeys.Node(BackupBench.Scope);
        var keys = result.Manifest.Objects.Select(item => prefix + item.Key).Append(result.Key).Append(RepositoryKeys.Signature(result.Key)).Append("repository.json").ToArray();
        foreach (var key in keys)
        {
            var until = await server.LockedUntilAsync(key, null, _token);
            Assert.True(until >= before + Period - TimeSpan.FromSeconds(2) && until <= DateTimeOffset.UtcNow + Period + TimeSpan.FromSeconds(5), $"{key}: {until:O}");
        }
    }

    [Fact]
    public async Task Write_ObjectsReused_EachVersionsLockIsExtendedHereAndInTheReplica()
    {
        await using var server = await S3Peer.StartAsync("versitygw", _token, locked: true);
        await using var other = await S3Peer.StartAsync("versitygw", _token, locked: true);
        using var bench = new BackupBench();
        var here = await bench.OpenAsync(server.Open(locked: true), _token);
        var there = await bench.OpenAsync(other.Open(locked: true), _token);
        var first = await bench.WriteAsync(here, Period, _token);
        await new Replicator(lockFor: Period).ReplicateAsync(here, there, first.Key, null, _token);
        var shared = RepositoryKeys.Node(BackupBench.Scope) + first.Manifest.Objects.First(item => item.Key.StartsWith("objects/", StringComparison.Ordinal)).Key;

        // Somebody writes over an object: the version below is the good one, and it is the one that must stay.
        var size = (int)(await here.Store.HeadAsync(shared, _token))!.Size;
        await here.Store.PutAsync(shared, new byte[size], new PutOptions(Overwrite: true), _token);
        var second = await bench.WriteAsync(here, 3 * Period, _token);
        await new Replicator(lockFor: 3 * Period).ReplicateAsync(here, there, second.Key, null, _token);

        Assert.Contains(second.Manifest.Objects, item => RepositoryKeys.Node(BackupBench.Scope) + item.Key == shared);
        foreach (var (peer, store) in new[] { (server, here.Store), (other, there.Store) })
        {
            // The newest version's headers show the date; that a former one is locked shows when somebody tries to delete it.
            Assert.True(await peer.LockedUntilAsync(shared, null, _token) > DateTimeOffset.UtcNow + (2 * Period), store.Location);
            var versions = await store.ListVersionsAsync(shared, _token).ToListAsync(_token);
            Assert.NotEmpty(versions);
            foreach (var version in versions)
            {
                await Assert.ThrowsAsync<ObjectStoreException>(() => store.DeleteAsync(shared, version.Version, _token));
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restore_EveryKeyOverwrittenOrDeleteMarked_IsWholeAgain(bool overwrite)
    {
        await using var server = await S3Peer.StartAsync("versitygw", _token, locked: true);
        using var bench = new BackupBench();
        var store = server.Open(locked: true);
        var result = await bench.WriteAsync(await bench.OpenAsync(store, _token), Period, _token);
        foreach (var item in await store.ListAsync("", _token).ToListAsync(_token))
        {
            if (overwrite)
            {
                await store.PutAsync(item.Key, new byte[item.Size], new PutOptions(Overwrite: true), _token);
            }

            await store.DeleteAsync(item.Key, null, _token);
        }

        Assert.Empty(await store.ListAsync("", _token).ToListAsync(_token));
        var repository = await BackupRepository.OpenAsync(store, bench.Options, _token);
        var found = await new BackupCatalog([new CatalogSource("us-east-1", repository)], formerVersions: true).FindAsync(BackupBench.Scope, BackupSelector.Newest, _token);
        var staged = await new RestoreStager().StageAsync([repository], found.Entry.Key, bench.Folder.File("restored"), null, _token);

        Assert.Equal(result.Id, found.Entry.Id);
        Assert.Equal(result.Manifest.Repository, repository.RepositoryId);
        foreach (var (path, content) in bench.Files)
        {
            Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(staged.Folder, path), _token));
        }
    }

    [Fact]
    public async Task Policy_LifecycleUnderThePrefix_IsAProblemAndElsewhereIsNone()
    {
        await using var server = await S3Peer.StartAsync("moto-server", _token);
        var store = server.Open();
        Assert.Empty(await store.PolicyProblemsAsync(_token));

        await server.LifecycleAsync("elsewhere/", _token);
        Assert.Empty(await store.PolicyProblemsAsync(_token));

        await server.LifecycleAsync("pre/virtengine-1/", _token);
        Assert.Contains("'expire' (prefix 'pre/virtengine-1/') deletes objects by age", Assert.Single(await store.PolicyProblemsAsync(_token)), StringComparison.Ordinal);

        await server.LifecycleAsync("", _token);
        Assert.Single(await store.PolicyProblemsAsync(_token));
    }

    [Fact]
    public async Task Policy_ServerWithoutLifecycles_HasNoProblem()
    {
        await using var server = await S3Peer.StartAsync("versitygw", _token, locked: true);

        Assert.Empty(await server.Open(locked: true).PolicyProblemsAsync(_token));
    }

    [Fact]
    public async Task Policy_RulesThatMayNotBeRead_AreAProblemWhereLocksAreWanted()
    {
        await using var server = new FaultyServer((_, _) => FaultyServer.Answer(403, "<Error><Code>AccessDenied</Code><Message>m</Message></Error>", "Content-Type: application/xml\r\n"));

        Assert.Contains("s3:GetLifecycleConfiguration", Assert.Single(await S3Peer.Open(server.Url, locked: true).PolicyProblemsAsync(_token)), StringComparison.Ordinal);
        Assert.Empty(await S3Peer.Open(server.Url).PolicyProblemsAsync(_token));
    }
}
