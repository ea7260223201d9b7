using System.Globalization;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Simulation.Canaries;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Snapshots;

public sealed class FrozenSnapshotTests
{
    private static readonly int Rounds =
        int.Parse(Environment.GetEnvironmentVariable("VIRTENGINE_FREEZES") is { Length: > 0 } given ? given : "50", CultureInfo.InvariantCulture);

    private static readonly int Tables =
        int.Parse(Environment.GetEnvironmentVariable("VIRTENGINE_FREEZE_TABLES") is { Length: > 0 } given ? given : "3000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task CaptureAsync_WritesAtFullSpeed_AlwaysOneInstant()
    {
        using var folder = new TempFolder();
        await using var canary = await LiveProcess.CanaryAsync(folder["home"]);
        var pauses = new List<double>();
        long last = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await using var snapshot = await Captures.FreezeAsync(Captures.Request(folder["home"], folder["staging"]));
            var files = await Captures.ReadAsync(snapshot);
            var reading = CanaryReading.From(files);
            Assert.Null(reading.Contradiction());
            Assert.True(reading.Journal > last, $"the canary stands still at {last}");
            last = reading.Journal;
            Assert.DoesNotContain(files.Keys, path => path.EndsWith("/LOCK", StringComparison.Ordinal) || path.Contains("priv_validator_state", StringComparison.Ordinal));
            Assert.DoesNotContain("data/innocent.json", files.Keys);
            pauses.Add(snapshot.Instant.Pause.TotalMilliseconds);
        }

        Assert.Equal("S", canary.State is 'S' or 'R' or 'D' ? "S" : canary.State.ToString());
        pauses.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Rounds} freezes, pause median {pauses[Rounds / 2]:F1} ms, p99 {pauses[(int)(Rounds * 0.99)]:F1} ms, max {pauses[^1]:F1} ms"));
        Assert.DoesNotContain(Directory.EnumerateDirectories(folder["staging"]), path => !path.EndsWith(".used", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CaptureAsync_ManySettledTables_AreLinkedBeforeThePause()
    {
        using var folder = new TempFolder();
        await using var canary = await LiveProcess.CanaryAsync(folder["home"]);
        var database = Directory.CreateDirectory(Path.Combine(folder["home"], "data", "large.db")).FullName;
        await File.WriteAllTextAsync(Path.Combine(database, "CURRENT"), "MANIFEST-000001", TestContext.Current.CancellationToken);
        var old = DateTime.UtcNow.AddHours(-1);
        for (var table = 0; table < Tables; table++)
        {
            var path = Path.Combine(database, table.ToString("D6", CultureInfo.InvariantCulture) + ".ldb");
            await File.WriteAllBytesAsync(path, [1, 2, 3], TestContext.Current.CancellationToken);
            File.SetLastWriteTimeUtc(path, old);
        }

        await using var snapshot = await Captures.FreezeAsync(Captures.Request(folder["home"], folder["staging"]));
        Assert.Equal(Tables, snapshot.Files.Count(file => file.Path.StartsWith("data/large.db/", StringComparison.Ordinal) && file.Immutable));
        Assert.True(snapshot.Instant.Copied < 20, $"{snapshot.Instant.Copied} files were copied inside the pause");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Tables} tables, pause {snapshot.Instant.Pause.TotalMilliseconds:F1} ms, {snapshot.Instant.Copied} files copied"));
    }
}
