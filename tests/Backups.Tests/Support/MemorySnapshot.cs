using VirtEngine.DR.Backups.Snapshots;

namespace VirtEngine.DR.Backups.Tests.Support;

/// <summary>A snapshot of given bytes; counts what is opened.</summary>
public sealed class MemorySnapshot(IReadOnlyDictionary<string, byte[]> content, IReadOnlyList<SnapshotFile>? files = null) : ISnapshot
{
    private int _opened;

    public int Opened => _opened;

    public InstantInfo Instant { get; } = new("frozen", DateTimeOffset.UtcNow, TimeSpan.FromMilliseconds(26), 3, 2, 1024);

    public IReadOnlyList<SnapshotFile> Files { get; } = files ?? [.. content.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => FileOf(pair.Key, pair.Value))];

    public static SnapshotFile FileOf(string path, byte[] bytes, FileIdentity? identity = null, ContentFormat format = ContentFormat.Opaque) => new(
        path, bytes.Length, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
        path.EndsWith(".ldb", StringComparison.Ordinal), identity, format);

    public Stream Open(SnapshotFile file)
    {
        Interlocked.Increment(ref _opened);
        return new MemoryStream(content[file.Path], writable: false);
    }

    public void Release(SnapshotFile file)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
