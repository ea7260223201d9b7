using VirtEngine.DR.Backups.Indexing;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Backups.Verification;
using VirtEngine.DR.Backups.Writing;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Indexing;

public sealed class KnownTablesTests : IDisposable
{
    private const string Path1 = "data/application.db/000001.ldb";
    private readonly Bench _bench = new();
    private readonly byte[] _content = [.. Enumerable.Range(0, 50_000).Select(i => (byte)(i * 7))];

    [Fact]
    public async Task WriteAsync_KnownTable_IsNotReadAgain()
    {
        var repository = await _bench.OpenAsync();
        await WriteAsync(repository, _content, Identity());

        var (result, opened) = await WriteAsync(repository, _content, Identity());

        Assert.Equal(0, opened);
        Assert.Equal(50_000, result.BytesReused);
        Assert.All(await new BackupVerifier(new VerifierOptions("t")).VerifyAsync(repository, result.Key, Rung.Read, null, Bench.Token), record => Assert.True(record.Passed));
    }

    [Theory]
    [InlineData("inode")]
    [InlineData("device")]
    [InlineData("birth")]
    [InlineData("mtime")]
    [InlineData("size")]
    [InlineData("no birth")]
    [InlineData("young")]
    [InlineData("other repository")]
    [InlineData("object gone")]
    [InlineData("index damaged")]
    public async Task WriteAsync_AnythingElse_ReadsTheTable(string difference)
    {
        var repository = await _bench.OpenAsync();
        var young = Identity() with { ModifiedNanoseconds = DateTimeOffset.UtcNow.AddSeconds(-1).ToUnixTimeMilliseconds() * 1_000_000 };
        var first = difference switch { "no birth" => Identity() with { BirthNanoseconds = 0 }, "young" => young, _ => Identity() };
        var (written, _) = await WriteAsync(repository, _content, first);
        var second = difference switch
        {
            "inode" => first with { Inode = 99 },
            "device" => first with { Device = 99 },
            "birth" => first with { BirthNanoseconds = 99 },
            "mtime" => first with { ModifiedNanoseconds = 99 },
            _ => first,
        };
        var content = difference == "size" ? _content[..^1] : _content;
        if (difference == "other repository")
        {
            repository = await BackupRepository.CreateAsync(new VirtEngine.DR.Backups.Storage.LocalFolderStore(_bench.Folder.Sub("other")), _bench.Options, Bench.Token);
        }
        else if (difference == "object gone")
        {
            File.Delete(Path.Combine(_bench.StorePath, "virtengine-1/fullnode-0", written.Manifest.Objects[0].Key));
        }
        else if (difference == "index damaged")
        {
            var index = Directory.GetFiles(_bench.Folder.Sub("index"), "*.tables").Single();
            var bytes = await File.ReadAllBytesAsync(index, Bench.Token);
            bytes[bytes.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(index, bytes, Bench.Token);
        }

        var (result, opened) = await WriteAsync(repository, content, second);

        Assert.Equal(1, opened);
        Assert.All(await new BackupVerifier(new VerifierOptions("t")).VerifyAsync(repository, result.Key, Rung.Read, null, Bench.Token), record => Assert.True(record.Passed, string.Join(";", record.Problems)));
    }

    [Fact]
    public async Task WriteAsync_RereadFindsOtherBytesUnderAKnownIdentity_TakesTheFreshOnes()
    {
        var repository = await _bench.OpenAsync();
        await WriteAsync(repository, _content, Identity());
        var other = (byte[])_content.Clone();
        other[5] ^= 1;

        var (result, _) = await WriteAsync(repository, other, Identity(), reread: 1);

        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(other)), result.Manifest.Files.Single().Sha256);
    }

    [Fact]
    public async Task Clear_Node_ForgetsOnlyIt()
    {
        var repository = await _bench.OpenAsync();
        await WriteAsync(repository, _content, Identity());

        Assert.Equal(0, TableIndex.Clear(_bench.Folder.Sub("index"), "virtengine-1", "fullnode-1"));
        Assert.Equal(1, TableIndex.Clear(_bench.Folder.Sub("index"), "virtengine-1", "fullnode-0"));
        Assert.Equal(1, (await WriteAsync(repository, _content, Identity())).Opened);
    }

    private static FileIdentity Identity() => new(1, 2, 3_000_000_000, 4_000_000_000);

    private async Task<(BackupResult Result, int Opened)> WriteAsync(BackupRepository repository, byte[] content, FileIdentity identity, double reread = 0)
    {
        var snapshot = new MemorySnapshot(new Dictionary<string, byte[]> { [Path1] = content }, [MemorySnapshot.FileOf(Path1, content, identity)]);
        var result = await new BackupWriter(repository, new WriterOptions(IndexFolder: _bench.Folder.Sub("index"), RereadShare: reread)).WriteAsync(snapshot, new BackupDescription(Bench.Scope, "us-east"), null, Bench.Token);
        return (result, snapshot.Opened);
    }

    public void Dispose() => _bench.Dispose();
}
