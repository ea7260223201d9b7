using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>A real full node of a real chain fails in each way that can be brought about, and RB-DR-001 cures it without asking anybody.</summary>
public sealed class NodeFailureTests(PeerStage stage) : IClassFixture<PeerStage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Home => stage.Net.Home(PeerEstate.FullNode);

    [Fact]
    public async Task Cure_KilledNode_IsRestarted()
    {
        await stage.EnsureFullNodeAsync(Token);
        await stage.SignalFullNodeAsync("KILL", Token);
        await Eventually.TrueAsync("the full node is gone", TimeSpan.FromSeconds(20), async () => await stage.Net.HeightAsync(4, Token) is null, Token);

        JsonNode done = await CureAsync();

        Assert.Contains("Crashed", Detail(done, "class"), StringComparison.Ordinal);
        Assert.StartsWith("it helped", Detail(done, "restart-helped"), StringComparison.Ordinal);
        Assert.Matches(@"^100\.0 % of the power signed .* nobody is absent; [0-9.]+ % more may go .* jailed after at most", Detail(done, "assess"));
        Assert.Equal("leftOut", Step(done, "swap")["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Cure_HungNode_IsEndedAndStarted()
    {
        await stage.EnsureFullNodeAsync(Token);
        await stage.SignalFullNodeAsync("STOP", Token);
        await Eventually.TrueAsync("the full node hangs", TimeSpan.FromSeconds(20), async () => await stage.Net.HeightAsync(4, Token) is null, Token);

        JsonNode done = await CureAsync();

        Assert.Contains("Stuck", Detail(done, "class"), StringComparison.Ordinal);
        Assert.Equal("done", Step(done, "restart-stop")["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Cure_TornDatabase_IsRestoredWithoutApproval()
    {
        await stage.EnsureFullNodeAsync(Token);
        await stage.Cli.JsonAsync(Token, "backup", "run", "--node", PeerEstate.FullNode, "--by", "alice");
        await stage.SignalFullNodeAsync("KILL", Token);
        await Eventually.TrueAsync("the full node is gone", TimeSpan.FromSeconds(20), async () => await stage.Net.HeightAsync(4, Token) is null, Token);
        File.Delete(Path.Combine(Home, "data", "state.db", "CURRENT"));

        JsonNode done = await CureAsync("--backup", "newest");

        // Nobody had seen it fail on its own data yet: the restart shows what is wrong, and the restore mends it.
        Assert.StartsWith("it did not help", Detail(done, "restart-helped"), StringComparison.Ordinal);
        Assert.Equal("done", Step(done, "swap")["status"]!.GetValue<string>());
        Assert.DoesNotContain(done["gates"]!.AsArray(), gate => gate!["open"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Cure_DataDeleted_IsRestoredAndNeverRestartedOnNothing()
    {
        await stage.EnsureFullNodeAsync(Token);
        await stage.Cli.JsonAsync(Token, "backup", "run", "--node", PeerEstate.FullNode, "--by", "alice");
        await stage.SignalFullNodeAsync("KILL", Token);
        await Eventually.TrueAsync("the full node is gone", TimeSpan.FromSeconds(20), async () => await stage.Net.HeightAsync(4, Token) is null, Token);
        foreach (string database in Directory.EnumerateDirectories(Path.Combine(Home, "data"), "*.db"))
        {
            Directory.Delete(database, recursive: true);
        }

        JsonNode done = await CureAsync("--backup", "newest");

        Assert.Contains("DiskLost", Detail(done, "class"), StringComparison.Ordinal);
        Assert.Equal("leftOut", Step(done, "restart-start")["status"]!.GetValue<string>());
    }

    /// <summary>Starts the runbook by hand, as an alert would, and waits until the node is proven healthy.</summary>
    private async Task<JsonNode> CureAsync(params string[] more)
    {
        JsonNode started = await stage.Cli.JsonAsync(Token, ["run", "RB-DR-001", "--node", PeerEstate.FullNode, "--by", "alice", "--reason", "it does not answer", .. more]);
        string run = started["workflowId"]!.GetValue<string>();
        JsonNode done = await Eventually.GetAsync($"the last step of {run} is done", Patience, async () =>
        {
            JsonNode state = await stage.Cli.StateAsync(run, Token);
            return state["phase"]!.GetValue<string>() is "parked" or "awaitingApproval" ? throw new ArgumentException($"{run} waits for a person:\n{state}")
                : state["steps"]!.AsArray() is { Count: > 0 } steps && steps[^1]!["status"]!.GetValue<string>() == "done" ? state : null;
        }, Token);
        JsonNode closed = await stage.Cli.PhaseAsync(run, "closed", Patience, Token);
        Assert.Equal("succeeded", closed["outcome"]!.GetValue<string>());
        JsonNode clock = closed["clock"]!;
        TestContext.Current.TestOutputHelper?.WriteLine($"RTO: from {clock["triggeredAt"]} to {clock["provenAt"]}");
        long height = (await stage.Net.HeightAsync(0, Token))!.Value;
        await stage.Net.ReachesAsync(4, height, TimeSpan.FromSeconds(60), Token);
        Assert.Equal(await stage.Net.AppHashAsync(0, height, Token), await stage.Net.AppHashAsync(4, height, Token));
        return done;
    }

    private static JsonNode Step(JsonNode state, string id) => state["steps"]!.AsArray().Single(step => step!["id"]!.GetValue<string>() == id)!;

    private static string Detail(JsonNode state, string id) => Step(state, id)["detail"]?.GetValue<string>() ?? "";
}
