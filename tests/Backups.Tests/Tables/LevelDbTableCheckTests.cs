using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Tables;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Backups.Writing;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Tables;

public sealed class LevelDbTableCheckTests : IDisposable
{
    private readonly Bench _bench = new();

    [Fact]
    public void Crc32C_KnownVectors_Fit()
    {
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
    }

    [Fact]
    public void Snappy_Copies_AreUnpackedAndNonsenseIsRefused()
    {
        // "abcd" then a copy of 8 bytes 4 back, overlapping itself.
        Assert.Equal("abcdabcdabcd"u8.ToArray(), Snappy.Decompress([12, 3 << 2, (byte)'a', (byte)'b', (byte)'c', (byte)'d', (4 << 2) | 1, 4], 100));
        Assert.Null(Snappy.Decompress([12, (4 << 2) | 1, 4], 100));
        Assert.Null(Snappy.Decompress([200, 1, 0, 1], 100));
        Assert.Null(Snappy.Decompress([5, 3 << 2, 1], 100));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Problem_GoodTable_IsNullAndAnyFlipInABlockIsFound(bool snappy)
    {
        var table = TableBuilder.Build(12, 500, snappy);
        Assert.Null(LevelDbTableCheck.Problem(table));

        // Everything but the footer's padding is covered.
        for (var i = 0; i < table.Length - 48; i++)
        {
            table[i] ^= 0x10;
            Assert.NotNull(LevelDbTableCheck.Problem(table));
            table[i] ^= 0x10;
        }

        for (var length = 0; length < table.Length; length += 37)
        {
            Assert.NotNull(LevelDbTableCheck.Problem(table.AsMemory(0, length)));
        }
    }

    [Theory]
    [InlineData(20, 4000)]
    [InlineData(1500, 4000)]
    public async Task WriteAsync_RotInATable_IsSourceCorruptNamesTheFileAndCommitsNothing(int blocks, int blockSize)
    {
        var repository = await _bench.OpenAsync();
        var table = TableBuilder.Build(blocks, blockSize, snappyIndex: true);
        await WriteAsync(repository, table);
        table[(blocks / 2 * (blockSize + 5)) + 7] ^= 1;

        var error = await Assert.ThrowsAsync<SourceCorruptException>(() => WriteAsync(repository, table));

        Assert.Equal("data/application.db/000007.ldb", error.Path);
        Assert.Single((await Bench.Catalog(repository).ListAsync(Bench.Scope, Bench.Token)).Entries);
    }

    private static Task<BackupResult> WriteAsync(VirtEngine.DR.Backups.Repositories.BackupRepository repository, byte[] table)
    {
        const string path = "data/application.db/000007.ldb";
        var snapshot = new MemorySnapshot(new Dictionary<string, byte[]> { [path] = table }, [MemorySnapshot.FileOf(path, table, format: ContentFormat.LevelDbTable)]);
        return new BackupWriter(repository).WriteAsync(snapshot, new BackupDescription(Bench.Scope, "us-east"), null, Bench.Token);
    }

    public void Dispose() => _bench.Dispose();
}
