using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>
/// RB-DR-001 for what stands beside a chain's nodes, as real processes on a real chain: an API gateway and a provider daemon that are killed and hang, seen from
/// two vantage points; and a full node whose host is gone, whose standby in another region takes its place.
/// </summary>
public sealed class ComponentTests(ComponentStage stage) : IClassFixture<ComponentStage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ComponentStage.Gateway, "/cosmos/base/tendermint/v1beta1/blocks/latest", "\"labchain-1\"")]
    [InlineData(ComponentStage.Provider, "/status", "\"leases\": 3")]
    public async Task Cure_KilledAndHung_IsRestartedAndServesAgain(string node, string path, string served)
    {
        await stage.StartComponentsAsync(Token);

        // Nobody started it yet: that is a crash too, and the cure is its first start.
        await CureAsync(node, "Crashed");
        Assert.Contains(served, await Http.GetStringAsync(stage.Url(node) + path, Token), StringComparison.Ordinal);
        var first = stage.Pid(node);

        await stage.SignalAsync(node, "KILL", Token);
        await Eventually.TrueAsync($"{node} is gone", TimeSpan.FromSeconds(20), async () => !await AnswersAsync(node), Token);
        var killed = await CureAsync(node, "Crashed");
        Assert.Contains("its process is gone", Detail(killed, "class"), StringComparison.Ordinal);
        Assert.Contains(ComponentStage.Standby, killed["facts"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(served, await Http.GetStringAsync(stage.Url(node) + path, Token), StringComparison.Ordinal);
        var second = stage.Pid(node);
        Assert.NotEqual(first, second);

        await stage.SignalAsync(node, "STOP", Token);
        await Eventually.TrueAsync($"{node} hangs", TimeSpan.FromSeconds(20), async () => !await AnswersAsync(node), Token);
        var hung = await CureAsync(node, "Stuck");
        Assert.Equal("done", Step(hung, "restart-stop")["status"]!.GetValue<string>());
        Assert.Contains(served, await Http.GetStringAsync(stage.Url(node) + path, Token), StringComparison.Ordinal);
        Assert.NotEqual(second, stage.Pid(node));
        Assert.False(Directory.Exists($"/proc/{second}"), "the hung process is still there");
    }

    [Fact]
    public async Task Cure_HostOfAFullNodeIsGone_ItsStandbyIsRestoredAndServes()
    {
        await stage.StartComponentsAsync(Token);
        await stage.EnsureFullNodeAsync(Token);
        await stage.Cli.JsonAsync(Token, "backup", "run", "--node", PeerEstate.FullNode, "--by", "alice");
        stage.NodeWorker.Kill();
        await stage.NodeWorker.WaitAsync(Token);
        await stage.Net.KillAsync(PeerEstate.FullNode, 4, Token);

        var done = await CureAsync(PeerEstate.FullNode, "Unreachable", "--backup", "newest");

        Assert.Contains("has no data", Detail(done, "standby-look"), StringComparison.Ordinal);
        Assert.Equal("done", Step(done, "standby-swap")["status"]!.GetValue<string>());
        Assert.Null(await stage.Net.HeightAsync(4, Token));
        var height = (await stage.Net.HeightAsync(0, Token))!.Value;
        await stage.Net.ReachesAsync(5, height, TimeSpan.FromSeconds(60), Token);
        Assert.Equal(await stage.Net.AppHashAsync(0, height, Token), await stage.Net.AppHashAsync(5, height, Token));
    }

    private async Task<bool> AnswersAsync(string node)
    {
        try
        {
            using var answer = await Http.GetAsync(stage.Url(node), Token);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !Token.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Starts the runbook by hand, as an alert would, and waits until it is proven healthy.</summary>
    private async Task<JsonNode> CureAsync(string node, string found, params string[] more)
    {
        var started = await stage.Cli.JsonAsync(Token, ["run", "RB-DR-001", "--node", node, "--by", "alice", "--reason", "its probe is red", .. more]);
        var run = started["workflowId"]!.GetValue<string>();
        var closed = await Eventually.GetAsync($"{run} is closed", Patience, async () =>
        {
            var state = await stage.Cli.StateAsync(run, Token);
            return state["phase"]!.GetValue<string>() is "parked" or "awaitingApproval" ? throw new ArgumentException($"{run} waits for a person:\n{state}")
                : state["phase"]!.GetValue<string>() == "closed" ? state : null;
        }, Token);
        Assert.True(closed["outcome"]!.GetValue<string>() == "succeeded", closed.ToString());
        Assert.Contains(found, Detail(closed, "class"), StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine($"{node}, {found}: from {closed["clock"]!["triggeredAt"]} to {closed["clock"]!["provenAt"]}");
        return closed;
    }

    private static JsonNode Step(JsonNode state, string id) => state["steps"]!.AsArray().Single(step => step!["id"]!.GetValue<string>() == id)!;

    private static string Detail(JsonNode state, string id) => Step(state, id)["detail"]?.GetValue<string>() ?? "";
}
