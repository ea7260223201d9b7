using VirtEngine.DR.Backups.Snapshots;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Snapshots;

/// <summary>Captures, and reads what was captured.</summary>
internal static class Captures
{
    private static readonly FrozenSnapshotter Frozen = new();

    public static CaptureRequest Request(string home, string staging, string? attempt = null) =>
        new(NodeLayout.Read(home), staging, attempt ?? Guid.NewGuid().ToString("N")) { FreeSpaceFloor = 0, Budget = TimeSpan.FromSeconds(5) };

    public static Task<ISnapshot> FreezeAsync(CaptureRequest request) => Frozen.CaptureAsync(request, TestContext.Current.CancellationToken);

    public static async Task<SnapshotException> RefusedAsync(CaptureRequest request) =>
        await Assert.ThrowsAsync<SnapshotException>(() => FreezeAsync(request));

    /// <summary>
    /// The capture is discarded because the node went on inside the pause. By which of the watches that is seen first is a race: its run time, a file that it
    /// changed under our eyes, or the budget that runs out meanwhile.
    /// </summary>
    public static async Task AssertDiscardedAsync(CaptureRequest request) => Assert.Contains(
        (await RefusedAsync(request)).Code, (string[])[SnapshotErrors.ContinuityBroken, SnapshotErrors.StagingRaced, SnapshotErrors.BudgetExceeded]);

    /// <summary>Every file's bytes by its path.</summary>
    public static async Task<Dictionary<string, byte[]>> ReadAsync(ISnapshot snapshot)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in snapshot.Files)
        {
            await using var stream = snapshot.Open(file);
            var bytes = new byte[file.Size];
            await stream.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
            Assert.Equal(0, await stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
            files[file.Path] = bytes;
            snapshot.Release(file);
        }

        return files;
    }

    /// <summary>Writes a snapshot out as another home, which gets configuration and genesis and keys of its own.</summary>
    public static async Task RestoreAsync(ISnapshot snapshot, string from, string home, bool genesis = true)
    {
        foreach (var (path, bytes) in await ReadAsync(snapshot))
        {
            var target = Path.Combine(home, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllBytesAsync(target, bytes, TestContext.Current.CancellationToken);
        }

        Directory.CreateDirectory(Path.Combine(home, "config"));
        foreach (var name in new[] { "config.toml", "app.toml" }.Concat(genesis ? ["genesis.json"] : []))
        {
            File.Copy(Path.Combine(from, "config", name), Path.Combine(home, "config", name), overwrite: true);
        }
    }
}
