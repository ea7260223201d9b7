using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>A real full node of a real chain holds corrupt data, and RB-DR-004 finds out what, keeps the evidence, and brings it back.</summary>
public sealed class DataCorruptionTests(PeerStage stage) : IClassFixture<PeerStage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Home => stage.Net.Home(PeerEstate.FullNode);

    [Fact]
    public async Task Recover_WrongAppHash_IsRolledBackByOneAndExecutesTheBlockAgain()
    {
        await StopAsync();
        string signing = await File.ReadAllTextAsync(Path.Combine(Home, "data", "priv_validator_state.json"), Token);
        StateStore.FlipAppHash(Home);

        JsonNode done = await RecoverAsync("rollback");

        Assert.Contains("StateOffByOne", Detail(done, "decide"), StringComparison.Ordinal);
        Assert.Matches(@"^1 heights undone", Detail(done, "rollback"));
        Assert.StartsWith("it helped", Detail(done, "rollback-helped"), StringComparison.Ordinal);
        Assert.Equal("leftOut", Step(done, "swap")["status"]!.GetValue<string>());
        Assert.Contains("the error did not come back", Detail(done, "agree"), StringComparison.Ordinal);
        Assert.Equal(signing, await File.ReadAllTextAsync(Path.Combine(Home, "data", "priv_validator_state.json"), Token));
        Assert.Contains(done["missing"]!.AsArray(), line => line!.GetValue<string>().Contains("backup export --kind forensic", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Recover_TornTable_IsFoundByItsChecksumAndRestored()
    {
        // A start turns the journal of the life before into a table: a chain that is young has none yet.
        await StopAsync();
        await stage.EnsureFullNodeAsync(Token);
        await stage.Cli.JsonAsync(Token, "backup", "run", "--node", PeerEstate.FullNode, "--by", "alice");
        await StopAsync();
        string table = new DirectoryInfo(Path.Combine(Home, "data", "blockstore.db")).EnumerateFiles("*.ldb").Concat(new DirectoryInfo(Path.Combine(Home, "data", "application.db")).EnumerateFiles("*.ldb")).MaxBy(file => file.Length)!.FullName;
        byte[] bytes = await File.ReadAllBytesAsync(table, Token);
        bytes[bytes.Length / 3] ^= 0x40;
        await File.WriteAllBytesAsync(table, bytes, Token);

        JsonNode done = await RecoverAsync("restore", "--kind", "database", "--backup", "newest");

        Assert.Contains("TornStores", Detail(done, "decide"), StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(table), Detail(done, "decide"), StringComparison.Ordinal);
        Assert.Equal("done", Step(done, "swap")["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Recover_DamagedConfiguration_IsReplacedAfterPeopleSawIt()
    {
        await stage.EnsureFullNodeAsync(Token);
        Directory.CreateDirectory(Path.Combine(stage.Folder, "etc"));
        await File.WriteAllTextAsync(Path.Combine(stage.Folder, "etc", "mesh.yaml"), "mesh", Token);
        await stage.Cli.JsonAsync(Token, "backup", "run", "--kind", "configuration", "--node", PeerEstate.FullNode, "--by", "alice");
        await StopAsync();
        string config = Path.Combine(Home, "config", "config.toml");
        string right = await File.ReadAllTextAsync(config, Token);
        await File.WriteAllTextAsync(config, right.Replace("[rpc]", "[rpc\nladdr = tcp://", StringComparison.Ordinal), Token);

        JsonNode done = await RecoverAsync("configuration", "--kind", "config");

        Assert.Contains("config/config.toml it is not TOML", Detail(done, "decide"), StringComparison.Ordinal);
        Assert.Equal(right, await File.ReadAllTextAsync(config, Token));
    }

    [Theory]
    [InlineData("cs.wal/wal", "cs.wal")]
    [InlineData("state.db/CURRENT", "CURRENT")]
    [InlineData("application.db/MANIFEST-*", "MANIFEST-")]
    [InlineData("blockstore.db/*.log", ".log")]
    public async Task Recover_TornJournalWalOrManifest_IsFoundAndRestored(string file, string named)
    {
        await stage.EnsureFullNodeAsync(Token);
        await stage.Cli.JsonAsync(Token, "backup", "run", "--node", PeerEstate.FullNode, "--by", "alice");
        await StopAsync();
        string path = Directory.EnumerateFiles(Path.Combine(Home, "data", Path.GetDirectoryName(file)!), Path.GetFileName(file)).MaxBy(one => new FileInfo(one).Length)!;
        byte[] bytes = await File.ReadAllBytesAsync(path, Token);
        Assert.NotEmpty(bytes);

        // In the middle of what was written long ago: a torn end alone is what every crash leaves.
        foreach (int at in Enumerable.Range(bytes.Length / 4, Math.Max(1, bytes.Length / 8)))
        {
            bytes[at] ^= 0x5A;
        }

        await File.WriteAllBytesAsync(path, bytes, Token);

        JsonNode done = await RecoverAsync("restore", "--kind", "database", "--backup", "newest");

        Assert.Contains("TornStores", Detail(done, "decide"), StringComparison.Ordinal);
        Assert.Contains(named, Detail(done, "decide"), StringComparison.Ordinal);
        Assert.Equal("done", Step(done, "swap")["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Recover_NodeWorkerIsKilledOnTheWay_UndoesTheHeightOnceAndSucceeds()
    {
        await StopAsync();
        StateStore.FlipAppHash(Home);
        string run = await StartAsync();
        await Eventually.TrueAsync("the rollback has begun", Patience, async () =>
        {
            JsonNode now = await stage.Cli.StateAsync(run, Token);
            if (now["gates"]!.AsArray().FirstOrDefault(one => one!["open"]!.GetValue<bool>()) is { } open)
            {
                await ApproveAsync(run, open);
            }

            return Step(now, "rollback")["status"]!.GetValue<string>() is "running" or "done";
        }, Token);
        stage.NodeWorker.Kill();
        await stage.NodeWorker.WaitAsync(Token);
        stage.StartNodeWorker();

        JsonNode done = await FollowAsync(run, "rollback");

        Assert.Contains("StateOffByOne", Detail(done, "decide"), StringComparison.Ordinal);
        Assert.Matches("^[01] heights undone|its state was rolled back", Detail(done, "rollback"));
        Assert.Equal("leftOut", Step(done, "swap")["status"]!.GetValue<string>());
    }

    /// <summary>Ends the node in order: what is broken next is broken on whole data.</summary>
    private async Task StopAsync()
    {
        await stage.EnsureFullNodeAsync(Token);
        await stage.Net.ReachesAsync(4, 8, TimeSpan.FromSeconds(60), Token);
        await stage.SignalFullNodeAsync("TERM", Token);
        await Eventually.TrueAsync("the full node has ended", TimeSpan.FromSeconds(30), async () => await stage.Net.HeightAsync(4, Token) is null && !Runs(), Token);
    }

    private bool Runs() => Directory.EnumerateFiles("/proc", "cmdline", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true }).Any(file =>
    {
        try
        {
            return File.ReadAllText(file).Contains($"--home\0{Home}\0", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended just now.
            return false;
        }
    });

    private async Task<JsonNode> RecoverAsync(string gate, params string[] more) => await FollowAsync(await StartAsync(more), gate);

    private async Task<string> StartAsync(params string[] more) =>
        (await stage.Cli.JsonAsync(Token, ["run", "RB-DR-004", "--node", PeerEstate.FullNode, "--by", "alice", "--reason", "its data is wrong", .. more]))["workflowId"]!.GetValue<string>();

    private Task<JsonNode> ApproveAsync(string run, JsonNode gate) => stage.Cli.JsonAsync(
        Token, "approve", run, "--gate", gate["name"]!.GetValue<string>(), "--digest", gate["digest"]!.GetValue<string>(), "--by", "bob", "--yes");

    private async Task<JsonNode> FollowAsync(string run, string gate)
    {
        while (true)
        {
            JsonNode state = await Eventually.GetAsync($"{run} asks, parks or ends", Patience, async () =>
            {
                JsonNode now = await stage.Cli.StateAsync(run, Token);
                return now["phase"]!.GetValue<string>() is "parked" or "awaitingApproval" or "closed" or "watching" ? now : null;
            }, Token);
            string phase = state["phase"]!.GetValue<string>();
            Assert.True(phase != "parked", $"{run} parks:\n{state}");
            if (phase != "awaitingApproval")
            {
                break;
            }

            JsonNode open = state["gates"]!.AsArray().First(one => one!["open"]!.GetValue<bool>())!;
            Assert.Contains(open["name"]!.GetValue<string>(), (string[])[gate, "contain"]);
            await ApproveAsync(run, open);
        }

        JsonNode closed = await stage.Cli.PhaseAsync(run, "closed", Patience, Token);
        Assert.True(closed["outcome"]!.GetValue<string>() == "succeeded", closed.ToString());
        JsonNode clock = closed["clock"]!;
        TestContext.Current.TestOutputHelper?.WriteLine($"RTO: from {clock["triggeredAt"]} to {clock["provenAt"]}");
        long height = (await stage.Net.HeightAsync(0, Token))!.Value;
        await stage.Net.ReachesAsync(4, height, TimeSpan.FromSeconds(60), Token);
        Assert.Equal(await stage.Net.AppHashAsync(0, height, Token), await stage.Net.AppHashAsync(4, height, Token));
        return closed;
    }

    private static JsonNode Step(JsonNode state, string id) => state["steps"]!.AsArray().Single(step => step!["id"]!.GetValue<string>() == id)!;

    private static string Detail(JsonNode state, string id) => Step(state, id)["detail"]?.GetValue<string>() ?? "";
}
