using System.Text.Json;
using VirtEngine.DR.Simulation.Chain;
using VirtEngine.DR.Simulation.Network;
using VirtEngine.DR.Simulation.Tests.Support;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Simulation.Tests.Nodes;

public sealed class MiniNodeTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MiniNetworkOptions Options => new(folder["net"]) { BlockTime = TimeSpan.FromMilliseconds(20), Accounts = 300, WritesPerBlock = 30, TableBytes = 8 << 10 };

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Start_ThreeValidatorsAndAFullNode_AgreeOnEveryAppHash()
    {
        await using var live = await LiveNetwork.StartAsync(Options with { Validators = 3 });
        using var first = live.Rpc("validator-0");
        using var full = live.Rpc("fullnode-0");
        await Task.WhenAll(first.ReachesAsync(20), full.ReachesAsync(20));
        var hashes = new HashSet<string>();
        for (var height = 1; height <= 20; height++)
        {
            var hash = await first.AppHashAsync(height);
            Assert.Equal(hash, await full.AppHashAsync(height));
            Assert.True(hashes.Add(hash));
        }

        var signatures = (await full.GetAsync("commit?height=10")).GetProperty("signed_header").GetProperty("commit").GetProperty("signatures");
        Assert.True(signatures.EnumerateArray().Count(signature => signature.GetProperty("block_id_flag").GetInt32() == 2) * 3 > 2 * 3);
    }

    [Fact]
    public async Task Kill_AtAnyMoment_NodesComeBackAndAgree()
    {
        await using var live = await LiveNetwork.StartAsync(Options);
        using var first = live.Rpc("validator-0");
        using var full = live.Rpc("fullnode-0");
        for (var round = 0; round < 10; round++)
        {
            var name = round % 2 == 0 ? "validator-0" : "fullnode-0";
            using var rpc = live.Rpc(name);
            await rpc.ReachesAsync(await rpc.HeightAsync() + Random.Shared.Next(1, 10));
            await live[name].KillAsync();
            await live[name].DisposeAsync();
            await live.StartAsync(name);
        }

        var height = await first.HeightAsync() + 5;
        await Task.WhenAll(first.ReachesAsync(height), full.ReachesAsync(height));
        Assert.Equal(await first.AppHashAsync(height), await full.AppHashAsync(height));
    }

    [Fact]
    public async Task Stop_Terminate_ClosesCleanlyAndLosesNothing()
    {
        await using var live = await LiveNetwork.StartAsync(Options with { FullNodes = 0 });
        using var rpc = live.Rpc("validator-0");
        await rpc.ReachesAsync(5);
        var height = await rpc.HeightAsync();
        Assert.Equal(0, await live["validator-0"].StopAsync(Token));
        await live.StartAsync("validator-0");
        Assert.True(await rpc.HeightAsync() >= height);
    }

    [Fact]
    public async Task Start_DataLost_BlockSyncsFromPeers()
    {
        await using var live = await LiveNetwork.StartAsync(Options);
        using var full = live.Rpc("fullnode-0");
        await full.ReachesAsync(20);
        await live["fullnode-0"].StopAsync(Token);
        var data = Path.Combine(live.Network["fullnode-0"].Home, "data");
        var state = await File.ReadAllBytesAsync(Path.Combine(data, "priv_validator_state.json"), Token);
        Directory.Delete(data, recursive: true);
        Directory.CreateDirectory(data);
        await File.WriteAllBytesAsync(Path.Combine(data, "priv_validator_state.json"), state, Token);
        await live.StartAsync("fullnode-0");
        await full.ReachesAsync(25);
        using var first = live.Rpc("validator-0");
        Assert.Equal(await first.AppHashAsync(25), await full.AppHashAsync(25));
    }

    [Fact]
    public async Task Start_SigningStateMissing_IsRefused()
    {
        var network = await MiniNetwork.CreateAsync(Options with { FullNodes = 0 }, Token);
        File.Delete(Path.Combine(network.Nodes[0].Home, "data", "priv_validator_state.json"));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => MiniNodeProcess.StartAsync(network.Nodes[0], Token));
        Assert.Contains("refusing to start", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DatabasesOfDifferentInstants_IsRefused()
    {
        await using var live = await LiveNetwork.StartAsync(Options with { FullNodes = 0 });
        using var rpc = live.Rpc("validator-0");
        await rpc.ReachesAsync(3);
        await live["validator-0"].StopAsync(Token);
        var data = Path.Combine(live.Network.Nodes[0].Home, "data");
        Copy(Path.Combine(data, "application.db"), folder["old.db"]);
        await live.StartAsync("validator-0");
        await rpc.ReachesAsync(15);
        await live["validator-0"].StopAsync(Token);
        Directory.Delete(Path.Combine(data, "application.db"), recursive: true);
        Copy(folder["old.db"], Path.Combine(data, "application.db"));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => live.StartAsync("validator-0"));
        Assert.Contains("different instants", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_LowerOrOtherBlock_IsRefused()
    {
        var network = await MiniNetwork.CreateAsync(Options, Token);
        var home = network.Nodes[0].Home;
        var signer = Signer.Open(Path.Combine(home, "config", "priv_validator_key.json"), Path.Combine(home, "data", "priv_validator_state.json"));
        var block = new Block("c", 7, DateTime.UnixEpoch, "", "", "", []);
        Assert.NotNull(signer.Sign(block).Vote);
        Assert.NotNull(signer.Sign(block).Vote);
        Assert.Contains("conflicting", signer.Sign(block with { AppHash = "00" }).Refusal, StringComparison.Ordinal);
        Assert.Contains("regression", signer.Sign(block with { Height = 6 }).Refusal, StringComparison.Ordinal);
        var again = Signer.Open(Path.Combine(home, "config", "priv_validator_key.json"), Path.Combine(home, "data", "priv_validator_state.json"));
        Assert.Equal(7, again.Height);
    }

    [Fact]
    public async Task Start_TwoOfFourValidatorsDown_HaltsAndGoesOnWhenOneIsBack()
    {
        await using var live = await LiveNetwork.StartAsync(Options with { Validators = 4, FullNodes = 0 });
        using var rpc = live.Rpc("validator-0");
        await rpc.ReachesAsync(3);
        await live["validator-2"].StopAsync(Token);
        await live["validator-3"].StopAsync(Token);
        await Eventually.TrueAsync(async () => (await rpc.GetAsync("consensus_state")).GetRawText().Contains("BA{4:2}", StringComparison.Ordinal), "two of four vote");
        var halted = await rpc.HeightAsync();
        Assert.Equal(JsonValueKind.Object, (await rpc.GetAsync("health")).ValueKind);
        Assert.False((await rpc.GetAsync("status")).GetProperty("sync_info").GetProperty("catching_up").GetBoolean());
        await live.StartAsync("validator-2");
        await rpc.ReachesAsync(halted + 3);
    }

    [Fact]
    public async Task Follow_OtherState_HaltsWithTheAppHashMismatch()
    {
        var network = await MiniNetwork.CreateAsync(Options, Token);
        var genesis = Path.Combine(network["fullnode-0"].Home, "config", "genesis.json");
        await File.WriteAllTextAsync(
            genesis, (await File.ReadAllTextAsync(genesis, Token)).Replace("\"accounts\": 300", "\"accounts\": 301", StringComparison.Ordinal), Token);
        await using var validator = await MiniNodeProcess.StartAsync(network["validator-0"], Token);
        await using var full = await MiniNodeProcess.StartAsync(network["fullnode-0"], Token);
        await Eventually.TrueAsync(() => full.Ended, "the node halts");
        Assert.Equal(1, await full.StopAsync(Token));
        Assert.Contains("wrong Block.Header.AppHash", await File.ReadAllTextAsync(Path.Combine(network["fullnode-0"].Home, "node.log"), Token), StringComparison.Ordinal);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
