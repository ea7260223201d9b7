using System.Globalization;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Snapshots;

/// <summary>Frozen snapshots of a real node at full speed: each copy is started, alone and with fresh keys, and must have the chain's app hash.</summary>
public sealed class LabChainSnapshotTests
{
    private static readonly int Rounds =
        int.Parse(Environment.GetEnvironmentVariable("VIRTENGINE_CHAIN_FREEZES") is { Length: > 0 } given ? given : "20", CultureInfo.InvariantCulture);

    [Fact]
    public async Task CaptureAsync_RealNodeAtFullSpeed_EveryCopyMatchesTheChain()
    {
        LabChain.Demand("labchaind", "labnet");
        using var folder = new TempFolder();
        await using var chain = await LabChain.StartAsync(folder["net"], "30ms", snapshotInterval: 0);
        var pauses = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var home = folder[$"copy-{round}"];
            await using (var snapshot = await Captures.FreezeAsync(Captures.Request(chain.Home, folder["staging"]) with { Budget = TimeSpan.FromMilliseconds(500) }))
            {
                await Captures.RestoreAsync(snapshot, chain.Home, home);
                pauses.Add(snapshot.Instant.Pause.TotalMilliseconds);
                Assert.DoesNotContain(snapshot.Files, file => file.Path.Contains("priv_validator", StringComparison.Ordinal));
            }

            var config = Path.Combine(home, "config", "config.toml");
            await File.WriteAllTextAsync(
                config, (await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken)).Replace("prometheus = true", "prometheus = false", StringComparison.Ordinal),
                TestContext.Current.CancellationToken);
            var (height, hash) = await chain.ProveAsync(home);
            Assert.Equal(await chain.HashAfterAsync(height), hash);
            Directory.Delete(home, recursive: true);
        }

        pauses.Sort();
        var reached = await chain.HeightAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Rounds} of {Rounds} copies match at height {reached}; pause median {pauses[Rounds / 2]:F1} ms, max {pauses[^1]:F1} ms"));
    }
}
