using VirtEngine.DR.Activities.Tests.Rollbacks;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Tests.Stores;

/// <summary>The stores of a real node that was stopped, whole and torn.</summary>
public sealed class StoreLabTests : IAsyncLifetime
{
    private RollbackBench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_bench.Home, "data");

    public async ValueTask InitializeAsync() => _bench = await RollbackBench.StoppedAsync(Token);

    [Fact]
    public async Task Look_StoppedNode_HasTheHeightsOfItsRpcAndChangesNothing()
    {
        var before = Files();

        var stores = await _bench.Stores.LookAsync(_bench.Target);

        Assert.InRange(stores.Blocks.Height!.Value, _bench.Told, _bench.Told + 5);
        Assert.InRange(stores.State.Height!.Value, stores.Blocks.Height.Value - 1, stores.Blocks.Height.Value);
        Assert.InRange(stores.Application.Height!.Value, stores.State.Height.Value, stores.Blocks.Height.Value);
        Assert.Equal(1, stores.Blocks.Base);
        Assert.Equal(64, stores.State.AppHash!.Length);
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task Check_StoppedNode_IsSoundAndReadsEverythingThatCounts()
    {
        var check = await _bench.Stores.CheckAsync(_bench.Target);

        Assert.True(check.Sound, string.Join('\n', check.Databases.SelectMany(one => one.Findings)));
        Assert.Superset(new HashSet<string> { "data/application.db", "data/blockstore.db", "data/state.db", "data/evidence.db", "data/cs.wal" }, check.Databases.Select(one => one.Name).ToHashSet());
        Assert.All(check.Databases, one => Assert.True(one.Files > 0 && one.Bytes > 0, one.Name));
    }

    [Theory]
    [InlineData("state.db")]
    [InlineData("blockstore.db")]
    [InlineData("application.db")]
    public async Task Look_TornStore_IsUnknownWithTheReasonAndNeverZero(string name)
    {
        var folder = Path.Combine(Data, name);
        foreach (var damage in new Action[]
        {
            () => FlipMiddle(Directory.EnumerateFiles(folder, "*.log").OrderByDescending(path => new FileInfo(path).Length).First()),
            () => FlipMiddle(Directory.EnumerateFiles(folder, "MANIFEST-*").Single()),
            () => File.Delete(Path.Combine(folder, "CURRENT")),
            () => Directory.Delete(folder, recursive: true),
        })
        {
            damage();
            var stores = await _bench.Stores.LookAsync(_bench.Target);
            var torn = name switch { "state.db" => stores.State, "blockstore.db" => stores.Blocks, _ => stores.Application };

            Assert.Null(torn.Height);
            Assert.Contains(name, torn.Unknown, StringComparison.Ordinal);
            Assert.False(stores.Agree);
            var findings = (await _bench.Stores.CheckAsync(_bench.Target)).Databases.Single(one => one.Name == "data/" + name).Findings;
            Assert.NotEmpty(findings);
        }
    }

    [Fact]
    public async Task Check_TornWal_IsFoundAndACutOffEndIsNot()
    {
        var wal = Path.Combine(Data, "cs.wal", "wal");
        var bytes = await File.ReadAllBytesAsync(wal, Token);
        await File.WriteAllBytesAsync(wal, bytes[..^3], Token);
        Assert.True((await _bench.Stores.CheckAsync(_bench.Target)).Sound);

        bytes[20] ^= 1;
        await File.WriteAllBytesAsync(wal, bytes, Token);

        var finding = Assert.Single((await _bench.Stores.CheckAsync(_bench.Target)).Databases.Single(one => one.Name == "data/cs.wal").Findings);
        Assert.Equal("data/cs.wal/wal", finding.File);
        Assert.Contains("checksum", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LookAndCheck_NodeRuns_IsNoAnswer()
    {
        await using var held = new HeldByAnother(Path.Combine(Data, "state.db", "LOCK"));
        await held.StartAsync();

        var stores = await _bench.Stores.LookAsync(_bench.Target);

        Assert.Null(stores.State.Height);
        Assert.Contains("running", stores.State.Unknown, StringComparison.Ordinal);
        Assert.Equal(ErrorTypes.Conflict, (await Make.FailureAsync(_bench.Stores.CheckAsync(_bench.Target))).ErrorType);
    }

    [Fact]
    public async Task Look_OtherDatabaseKind_SaysThatItIsNotRead()
    {
        var pebble = _bench.Target with { Node = _bench.Target.Node with { Database = "pebbledb" } };

        Assert.Contains("pebbledb", (await _bench.Stores.LookAsync(pebble)).Blocks.Unknown, StringComparison.Ordinal);
        Assert.False((await _bench.Stores.CheckAsync(pebble)).Sound);
    }

    public async ValueTask DisposeAsync() => await _bench.DisposeAsync();

    private static void FlipMiddle(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = file.Length / 2;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 0x55));
    }

    private List<(string, long, DateTime)> Files() =>
        [.. new DirectoryInfo(Data).EnumerateFiles("*", SearchOption.AllDirectories).Select(file => (file.FullName, file.Length, file.LastWriteTimeUtc)).Order()];
}
