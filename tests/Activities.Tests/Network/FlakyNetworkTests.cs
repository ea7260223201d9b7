using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Catalogs;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Verification;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Network;

/// <summary>A real S3 server behind a network that misbehaves: a transfer ends right, or with a transient error, after which it resumes.</summary>
public sealed class FlakyNetworkTests : IAsyncLifetime
{
    private const int Tables = 24;
    private readonly BackupBench _bench = new(Tables);
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private S3Peer _server = null!;
    private Toxiproxy _proxy = null!;
    private Toxiproxy.Link _link = null!;
    private BackupRepository _direct = null!;
    private BackupRepository _far = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await S3Peer.StartAsync("versitygw", _token);
        _proxy = await Toxiproxy.StartAsync(_token);
        _link = await _proxy.LinkAsync(_server.Url, _token);
        _direct = await _bench.OpenAsync(_server.Open(), _token);
        _far = await _bench.OpenAsync(S3Peer.Open(_link.Url), _token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _bench.Dispose();
    }

    [Theory]
    [InlineData("latency")]
    [InlineData("bandwidth")]
    [InlineData("some connections reset")]
    public async Task BackupAndRestore_SlowOrLossyWay_EndsRight(string fault)
    {
        await (fault switch
        {
            "latency" => _link.LatencyAsync(40, jitter: 40),
            "bandwidth" => _link.BandwidthAsync(3000),
            _ => _link.CutAfterAsync(700_000, share: 0.15),
        });

        var result = await _bench.WriteAsync(_far, null, _token);
        var staged = await new RestoreStager().StageAsync([_far], result.Key, _bench.Folder.File("restored"), null, _token);

        await EqualAsync(staged);
        await PassesAsync(result.Key);
    }

    [Theory]
    [InlineData("partition")]
    [InlineData("every connection cut after 100 kB")]
    public async Task Backup_CutOffInTheMiddle_IsTransientShowsNothingAndResumes(string fault)
    {
        var id = BackupId.Create(1200, DateTimeOffset.UtcNow);
        await _link.LatencyAsync(40);
        var told = new Told(4);
        var writing = _bench.WriteAsync(_far, null, _token, id, told);
        await told.Reached;
        await (fault == "partition" ? _link.PartitionAsync() : _link.CutAfterAsync(100_000));

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => writing);
        Assert.True(failure.Transient, failure.Message);
        Assert.Empty((await new BackupCatalog([new CatalogSource("r", _direct)]).ListAsync(BackupBench.Scope, _token)).Entries);

        await _link.HealAsync();
        var result = await _bench.WriteAsync(_far, null, _token, id);

        Assert.Equal(id, result.Id);
        Assert.True(result.BytesReused > 0, "what arrived before the cut is used");
        await PassesAsync(result.Key);
    }

    [Theory]
    [InlineData("partition")]
    [InlineData("every answer cut after 50 kB")]
    public async Task Restore_CutOffInTheMiddle_IsTransientAndResumes(string fault)
    {
        var result = await _bench.WriteAsync(_direct, null, _token);
        await _link.LatencyAsync(40);
        var told = new Told(4);
        var target = _bench.Folder.File("restored");
        var staging = new RestoreStager(new RestoreOptions(Parallelism: 2)).StageAsync([_far], result.Key, target, told, _token);
        await told.Reached;
        await (fault == "partition" ? _link.PartitionAsync() : _link.CutAfterAsync(50_000, "downstream"));

        var failure = await Assert.ThrowsAsync<BackupException>(() => staging);
        Assert.True(failure.Transient, failure.Message);

        await _link.HealAsync();
        var staged = await new RestoreStager().StageAsync([_far], result.Key, target, null, _token);

        Assert.True(staged.BytesResumed > 0, "what arrived before the cut is used");
        await EqualAsync(staged);
    }

    private async Task PassesAsync(string key)
    {
        var records = await new BackupVerifier(new VerifierOptions("test")).VerifyAsync(_direct, key, Rung.Read, null, _token);
        Assert.All(records, record => Assert.True(record.Passed, string.Join("; ", record.Problems)));
        Assert.Equal(2, records.Count);
    }

    private async Task EqualAsync(StagedRestore staged)
    {
        var found = Directory.EnumerateFiles(staged.Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(staged.Folder, path)).Order(StringComparer.Ordinal);
        Assert.Equal(_bench.Files.Keys.Order(StringComparer.Ordinal), found);
        foreach (var (path, content) in _bench.Files)
        {
            Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(staged.Folder, path), _token));
        }
    }
}
