using System.Security.Cryptography;
using System.Text.Json;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Simulation.Chain;
using VirtEngine.DR.Simulation.Network;
using VirtEngine.DR.Simulation.Node;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Snapshots;

/// <summary>Snapshots of the small node while it makes blocks and compacts without pause.</summary>
public sealed class MiniNodeSnapshotTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private MiniNode node = null!;
    private MiniNodeProcess process = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var network = await MiniNetwork.CreateAsync(
            new MiniNetworkOptions(folder["net"], Validators: 1, FullNodes: 0)
            {
                BlockTime = TimeSpan.FromMilliseconds(2),
                Accounts = 1000,
                WritesPerBlock = 100,
                TableBytes = 8 << 10,
            },
            Token);
        node = network["validator-0"];
        process = await MiniNodeProcess.StartAsync(node, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task CaptureAsync_FrozenWhileCompacting_CopyOpensWithTheChainsAppHash()
    {
        for (var round = 0; round < 10; round++)
        {
            var home = folder[$"copy-{round}"];
            await using (var snapshot = await Captures.FreezeAsync(Captures.Request(node.Home, folder["staging"])))
            {
                Assert.Contains(snapshot.Files, file => file.Format == ContentFormat.LevelDbTable);
                await Captures.RestoreAsync(snapshot, node.Home, home);
            }

            var (height, hash) = Open(home);
            Assert.Equal(await HashAfterAsync(height), hash);
        }
    }

    [Fact]
    public async Task CaptureAsync_Frozen_HasExactlyTheFrozenFilesLessTheDenied()
    {
        var frozen = new Dictionary<string, string>(StringComparer.Ordinal);
        var request = Captures.Request(node.Home, folder["staging"]) with
        {
            WhileFrozen = () =>
            {
                var files = Directory.EnumerateFiles(Path.Combine(node.Home, "data"), "*", SearchOption.AllDirectories);
                foreach (var path in files.Where(path => Path.GetFileName(path) != "LOCK"))
                {
                    frozen[Path.GetRelativePath(node.Home, path)] = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
                }
            },
        };
        await using var snapshot = await Captures.FreezeAsync(request);
        var captured = (await Captures.ReadAsync(snapshot)).ToDictionary(file => file.Key, file => Convert.ToHexString(SHA256.HashData(file.Value)));
        var wanted = frozen.Where(file => !file.Key.StartsWith("data/priv_validator_state.json", StringComparison.Ordinal));
        Assert.Equal(wanted.OrderBy(file => file.Key, StringComparer.Ordinal), captured.OrderBy(file => file.Key, StringComparer.Ordinal));
        Assert.Equal(snapshot.Files.Select(file => file.Path).Order(StringComparer.Ordinal), snapshot.Files.Select(file => file.Path));
    }

    [Fact]
    public async Task CaptureAsync_RestartedInsideThePause_IsDiscarded()
    {
        var request = Captures.Request(node.Home, folder["staging"]) with
        {
            WhileFrozen = () =>
            {
                process.KillAsync().GetAwaiter().GetResult();
                process = MiniNodeProcess.StartAsync(node, Token).GetAwaiter().GetResult();
            },
        };
        await Captures.AssertDiscardedAsync(request);
        Assert.False(process.Ended);
    }

    [Fact]
    public async Task CaptureAsync_Stopped_TakesTheSameStateAndRefusesARunningNode()
    {
        var stopped = SnapshotterFactory.Create("stopped");
        var refusal = await Assert.ThrowsAsync<SnapshotException>(() => stopped.CaptureAsync(Captures.Request(node.Home, folder["staging"]), Token));
        Assert.Equal(SnapshotErrors.TargetRunning, refusal.Code);
        Assert.Equal(0, await process.StopAsync(Token));
        await using var snapshot = await stopped.CaptureAsync(Captures.Request(node.Home, folder["staging"]), Token);
        Assert.Equal(TimeSpan.Zero, snapshot.Instant.Pause);
        await Captures.RestoreAsync(snapshot, node.Home, folder["copy"]);
        Assert.Equal(Open(node.Home), Open(folder["copy"]));
    }

    [Fact]
    public async Task Release_WhileTheNodeCompacts_DropsTheStagedName()
    {
        var request = Captures.Request(node.Home, folder["staging"]);
        await using var snapshot = await Captures.FreezeAsync(request);
        var table = snapshot.Files.First(file => file.Immutable);
        var staged = Path.Combine(folder["staging"], request.AttemptId, "files", table.Path);
        Assert.True(File.Exists(staged));
        snapshot.Release(table);
        Assert.False(File.Exists(staged));
    }

    private static (long Height, string Hash) Open(string home)
    {
        var config = NodeConfig.Read(home, new Dictionary<string, string>());
        using var state = new NodeState(config, ChainJson.ReadFile(config.GenesisFile, json => json.Genesis));
        return (state.Height, state.Application.Hash);
    }

    /// <summary>The hash after a height stands in the header of the next one.</summary>
    private async Task<string> HashAfterAsync(long height)
    {
        using var http = new HttpClient { BaseAddress = node.Rpc };
        var hash = "";
        await Eventually.TrueAsync(
            async () =>
            {
                using var reply = await http.GetAsync($"block?height={height + 1}", Token);
                using var json = JsonDocument.Parse(await reply.Content.ReadAsStringAsync(Token));
                hash = reply.IsSuccessStatusCode
                    ? json.RootElement.GetProperty("result").GetProperty("block").GetProperty("header").GetProperty("app_hash").GetString()! : "";
                return hash.Length > 0;
            },
            "the next block");
        return hash;
    }
}
