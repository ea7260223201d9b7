using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Snapshots;

public sealed class StateSyncSnapshotTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CaptureAsync_RealNodeThatTakesSnapshots_CopiesACompleteOneWithoutAPause()
    {
        LabChain.Demand("labchaind", "labnet");
        using var folder = new TempFolder();
        await using var chain = await LabChain.StartAsync(folder["net"], "100ms", snapshotInterval: 10);
        var snapshotter = SnapshotterFactory.Create("state-sync");
        ISnapshot? snapshot = null;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    snapshot = await snapshotter.CaptureAsync(Captures.Request(chain.Home, folder["staging"]), Token);
                    return true;
                }
                catch (SnapshotException early) when (early.Code is SnapshotErrors.NoStateSyncSnapshot or SnapshotErrors.StagingRaced)
                {
                    return false;
                }
            },
            "the node completes a snapshot", 60);
        await using (snapshot)
        {
            Assert.Equal(TimeSpan.Zero, snapshot!.Instant.Pause);
            Assert.Contains(snapshot.Files, file => file.Path.StartsWith("data/snapshots/metadata.db/", StringComparison.Ordinal));
            var files = await Captures.ReadAsync(snapshot);
            var chunk = Assert.Single(files.Keys, path => path.EndsWith("/0", StringComparison.Ordinal));

            // The node's own store must list exactly what was copied.
            foreach (var (path, bytes) in files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder["copy"], path))!);
                await File.WriteAllBytesAsync(Path.Combine(folder["copy"], path), bytes, Token);
            }

            Directory.CreateDirectory(Path.Combine(folder["copy"], "config"));
            foreach (var name in new[] { "config.toml", "app.toml", "client.toml", "genesis.json" })
            {
                File.Copy(Path.Combine(chain.Home, "config", name), Path.Combine(folder["copy"], "config", name));
            }

            using var list = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("labchaind", ["snapshots", "list", "--home", folder["copy"]])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var said = await list.StandardOutput.ReadToEndAsync(Token) + await list.StandardError.ReadToEndAsync(Token);
            Assert.Contains($"height: {chunk.Split('/')[2]}", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task CaptureAsync_NoSnapshots_SaysSo()
    {
        using var folder = new TempFolder();
        await using var canary = await LiveProcess.CanaryAsync(folder["home"]);
        var failure = await Assert.ThrowsAsync<SnapshotException>(
            () => SnapshotterFactory.Create("state-sync").CaptureAsync(Captures.Request(folder["home"], folder["staging"]), Token));
        Assert.Equal(SnapshotErrors.NoStateSyncSnapshot, failure.Code);
    }

    [Fact]
    public async Task CaptureAsync_ChunkNotDescribed_IsNotTaken()
    {
        using var folder = new TempFolder();
        await using var canary = await LiveProcess.CanaryAsync(folder["home"]);
        var snapshots = Path.Combine(folder["home"], "data", "snapshots");
        Directory.CreateDirectory(Path.Combine(snapshots, "metadata.db"));
        Directory.CreateDirectory(Path.Combine(snapshots, "40", "3"));
        await File.WriteAllTextAsync(Path.Combine(snapshots, "metadata.db", "000001.log"), "nothing yet", Token);
        await File.WriteAllTextAsync(Path.Combine(snapshots, "40", "3", "0"), "begun", Token);
        var failure = await Assert.ThrowsAsync<SnapshotException>(
            () => SnapshotterFactory.Create("state-sync").CaptureAsync(Captures.Request(folder["home"], folder["staging"]) with { Height = 40 }, Token));
        Assert.Equal(SnapshotErrors.NoStateSyncSnapshot, failure.Code);
        Assert.Contains("40", failure.Message, StringComparison.Ordinal);
    }
}
