using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>A real full node of a real chain loses its data and comes back by state sync, from a signed trust anchor.</summary>
public sealed class StateSyncTests(PeerStage stage) : IClassFixture<PeerStage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Home => stage.Net.Home(PeerEstate.FullNode);

    private string Config => Path.Combine(Home, "config", "config.toml");

    [Fact]
    public async Task Cure_DataDeleted_ComesBackByStateSyncFromASignedAnchor()
    {
        await stage.EnsureFullNodeAsync(Token);
        await stage.Net.ReachesAsync(0, 60, Patience, Token);
        string shown = await stage.Temporal.CliAsync(
            ["workflow", "execute", "--type", "TrustAnchors", "--task-queue", "dr-control", "--workflow-id", "anchors-now", "--input", "{}", "--output", "json"], Token);
        JsonNode anchor = JsonNode.Parse(shown)!["result"] is { } result && result["kept"] is not null ? result : throw new ArgumentException(shown);
        Assert.Equal(3, anchor["kept"]!.AsArray().Count);
        Assert.Empty(anchor["problems"]?.AsArray() ?? []);
        string before = await File.ReadAllTextAsync(Config, Token);
        await LoseDataAsync();

        // Nothing was ever backed up: state sync is the only cure there is, and nobody has to name it.
        (JsonNode done, TimeSpan took) = await CureAsync();

        Assert.Contains("DiskLost", Detail(done, "class"), StringComparison.Ordinal);
        Assert.Contains($"trust height {anchor["anchor"]!["height"]} from the anchor that {anchor["keyId"]} signed", Detail(done, "statesync-choose"), StringComparison.Ordinal);
        Assert.Contains("no backup to restore", Detail(done, "statesync-choose"), StringComparison.Ordinal);
        Assert.StartsWith("it helped: it took a snapshot and has blocks from", Detail(done, "statesync-helped"), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(Config, Token));
        Assert.False(File.Exists(Path.Combine(Home, ".virtengine-dr", "statesync.json")));
        TestContext.Current.TestOutputHelper?.WriteLine($"state sync: {took.TotalSeconds:0.0} s from the start of the run to the proof");
    }

    private async Task LoseDataAsync()
    {
        await stage.SignalFullNodeAsync("KILL", Token);
        await Eventually.TrueAsync("the full node is gone", TimeSpan.FromSeconds(20), async () => await stage.Net.HeightAsync(4, Token) is null, Token);
        foreach (string database in Directory.EnumerateDirectories(Path.Combine(Home, "data")))
        {
            Directory.Delete(database, recursive: true);
        }
    }

    private async Task<(JsonNode Done, TimeSpan Took)> CureAsync(params string[] more)
    {
        JsonNode started = await stage.Cli.JsonAsync(Token, ["run", "RB-DR-001", "--node", PeerEstate.FullNode, "--by", "alice", "--reason", "its disk is gone", .. more]);
        string run = started["workflowId"]!.GetValue<string>();
        JsonNode closed = await stage.Cli.PhaseAsync(run, "closed", Patience, Token);
        Assert.True(closed["outcome"]!.GetValue<string>() == "succeeded", closed["journal"]!.ToString());
        long height = (await stage.Net.HeightAsync(0, Token))!.Value;
        await stage.Net.ReachesAsync(4, height, TimeSpan.FromSeconds(60), Token);
        Assert.Equal(await stage.Net.AppHashAsync(0, height, Token), await stage.Net.AppHashAsync(4, height, Token));
        JsonNode clock = closed["clock"]!;
        return (closed, clock["provenAt"]!.GetValue<DateTimeOffset>() - clock["triggeredAt"]!.GetValue<DateTimeOffset>());
    }

    private static string Detail(JsonNode state, string id) =>
        state["steps"]!.AsArray().Single(step => step!["id"]!.GetValue<string>() == id)!["detail"]?.GetValue<string>() ?? "";
}
