using System.Diagnostics;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Backups.Writing;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Writing;

/// <summary>A backup may be asked to leave the node's disk to the node.</summary>
public sealed class GentleReadTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Write_ReadRate_TakesTheTimeThatItsBytesNeed()
    {
        var repository = await bench.OpenAsync();
        var files = Bench.NodeFiles();
        var bytes = files.Values.Sum(content => (long)content.Length);
        var clock = Stopwatch.StartNew();

        await Bench.WriteAsync(repository, files, options: new WriterOptions { ReadBytesPerSecond = bytes });

        // The last read is let go when those before it are paid for; the largest is a third of all.
        Assert.True(clock.Elapsed > TimeSpan.FromMilliseconds(600), $"{clock.Elapsed}");
    }

    [Fact]
    public async Task Write_IdleReads_EachReadIsInTheIdleClassAndTheThreadIsGivenBack()
    {
        Assert.SkipWhen(IdleIo.CurrentClass < 0, "this kernel tells no I/O class");
        var repository = await bench.OpenAsync();
        var classes = new System.Collections.Concurrent.ConcurrentBag<int>();
        await using var snapshot = new WatchedSnapshot(new MemorySnapshot(Bench.NodeFiles()), () => classes.Add(IdleIo.CurrentClass));

        await new BackupWriter(repository, new WriterOptions { IdleReads = true })
            .WriteAsync(snapshot, new BackupDescription(Bench.Scope, "us-east", 1200, Id: BackupId.Create(1200, DateTimeOffset.UtcNow)), null, Bench.Token);

        Assert.NotEmpty(classes);
        Assert.All(classes, found => Assert.Equal(3, found));
        using (IdleIo.Enter(idle: true))
        {
            Assert.Equal(3, IdleIo.CurrentClass);
        }

        Assert.NotEqual(3, IdleIo.CurrentClass);
    }

    private sealed class WatchedSnapshot(ISnapshot inner, Action read) : ISnapshot
    {
        public InstantInfo Instant => inner.Instant;

        public IReadOnlyList<SnapshotFile> Files => inner.Files;

        public Stream Open(SnapshotFile file) => new WatchedStream(((MemoryStream)inner.Open(file)).ToArray(), read);

        public void Release(SnapshotFile file) => inner.Release(file);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class WatchedStream(byte[] content, Action read) : MemoryStream(content, writable: false)
    {
        public override int Read(Span<byte> buffer)
        {
            read();
            return base.Read(buffer);
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            read();
            return base.Read(buffer, offset, count);
        }
    }
}
