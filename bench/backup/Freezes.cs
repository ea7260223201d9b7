using System.Diagnostics;
using VirtEngine.DR.Backups.Snapshots;

namespace VirtEngine.DR.Bench.Backup;

/// <summary>Takes frozen snapshots of a live node again and again and prints how long it stood still.</summary>
internal static class Freezes
{
    public static async Task<int> RunAsync(string home, int count)
    {
        var pauses = new List<double>();
        var clock = Stopwatch.StartNew();
        int discarded = 0;
        NodeLayout layout = NodeLayout.Read(home);
        while (pauses.Count < count && discarded < count)
        {
            try
            {
                var request = new CaptureRequest(layout, Path.Combine(home, ".staging"), Guid.NewGuid().ToString("N")) { FreeSpaceFloor = 0.02 };
                await using ISnapshot snapshot = await new FrozenSnapshotter().CaptureAsync(request, CancellationToken.None);
                pauses.Add(snapshot.Instant.Pause.TotalMilliseconds);
            }
            catch (SnapshotException e)
            {
                discarded++;
                Console.Error.WriteLine($"discarded: {e.Message}");
            }
        }

        pauses.Sort();
        Console.WriteLine(FormattableString.Invariant(
            $"{pauses.Count} freezes in {clock.Elapsed.TotalSeconds:0.0} s, {discarded} discarded; pause ms: p50 {At(pauses, 0.50):0.0}, p90 {At(pauses, 0.90):0.0}, p99 {At(pauses, 0.99):0.0}, max {At(pauses, 1):0.0}"));
        return pauses.Count == count ? 0 : 1;
    }

    private static double At(List<double> sorted, double share) =>
        sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];
}
