using System.Globalization;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Simulation.Canaries;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Snapshots;

public sealed class FrozenSnapshotTests
{
    private static readonly int Rounds =
        int.Parse(Environment.GetEnvironmentVariable("VIRTENGINE_FREEZES") is { Length: > 0 } given ? given : "50", CultureInfo.InvariantCulture);

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
}
