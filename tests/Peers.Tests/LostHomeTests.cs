using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>A real full node loses its whole home, on a real chain: genesis, configuration, keys and data.</summary>
public sealed class LostHomeTests(PeerStage stage) : IClassFixture<PeerStage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_WholeHomeDeleted_NodeHealthyUnderANewIdAndValidatorsUntouched()
    {
        await stage.EnsureFullNodeAsync(Token);
        string home = stage.Net.Home(PeerEstate.FullNode), etc = Path.Combine(stage.Folder, "etc");
        Directory.CreateDirectory(etc);
        await File.WriteAllTextAsync(Path.Combine(etc, "mesh.yaml"), "mesh: one\n", Token);
        JsonNode configuration = await stage.Cli.JsonAsync(Token, "backup", "run", "--node", PeerEstate.FullNode, "--kind", "configuration", "--by", "alice");
        Assert.Empty(configuration["failures"]!.AsArray());
        await stage.Cli.JsonAsync(Token, "backup", "run", "--node", PeerEstate.FullNode, "--by", "alice");
        string[] signers = Signers();
        string formerId = await IdAsync(home);
        await LoseAsync(home);
        File.Delete(Path.Combine(etc, "mesh.yaml"));

        (int planned, string plan) = await stage.Cli.TryAsync(Token, "run", "RB-DR-006", "--node", PeerEstate.FullNode, "--backup", "newest", "--dry-run", "--by", "alice");
        Assert.True(planned == 0, plan);
        Assert.Contains("prepare", plan, StringComparison.Ordinal);
        JsonNode started = await stage.Cli.JsonAsync(Token, "run", "RB-DR-006", "--node", PeerEstate.FullNode, "--backup", "newest", "--by", "alice", "--reason", "new disk");
        string run = started["workflowId"]!.GetValue<string>();
        await stage.Cli.PhaseAsync(run, "awaitingApproval", Patience, Token);
        (int code, string output) = await stage.Cli.TryAsync(Token, "approve", run, "--by", "bob", "--yes");
        Assert.True(code == 0, output);
        JsonNode done = await ReconciledAsync(run);

        long height = (await stage.Net.HeightAsync(0, Token))!.Value;
        await stage.Net.ReachesAsync(4, height, TimeSpan.FromSeconds(60), Token);
        Assert.Equal(await stage.Net.AppHashAsync(0, height, Token), await stage.Net.AppHashAsync(4, height, Token));
        string id = await IdAsync(home);
        Assert.NotEqual(formerId, id);
        Assert.Contains($"node id {id}", done["journal"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Matches("[0-9]+ files put in place, 1 not", done["journal"]!.ToJsonString());
        Assert.False(File.Exists(Path.Combine(etc, "mesh.yaml")));
        Assert.Equal(signers, Signers());
    }

    private static async Task<string> IdAsync(string home) =>
        (await ChildProgram.RunAsync("labchaind", ["comet", "show-node-id", "--home", home], cancellationToken: Token)).Trim();

    /// <summary>Everything is done and proven; what may follow is the watch for a relapse.</summary>
    private Task<JsonNode> ReconciledAsync(string run) => Eventually.GetAsync($"the last step of {run} is done", Patience, async () =>
    {
        JsonNode state = await stage.Cli.StateAsync(run, Token);
        return state["phase"]!.GetValue<string>() == "parked" ? throw new ArgumentException($"{run} is parked:\n{state}")
            : state["steps"]!.AsArray()[^1]!["status"]!.GetValue<string>() == "done" ? state : null;
    }, Token);

    private async Task LoseAsync(string home)
    {
        await ChildProgram.RunAsync("sh", ["-c", "for p in /proc/[0-9]*; do if tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -qF -- \"--home $0 \"; then kill -9 ${p#/proc/}; fi; done", home], cancellationToken: Token);
        await Eventually.TrueAsync("the full node is gone", TimeSpan.FromSeconds(20), async () => await stage.Net.HeightAsync(4, Token) is null, Token);
        Directory.Delete(home, recursive: true);
    }

    private string[] Signers() => [.. Enumerable.Range(0, 4).Select(i => File.ReadAllText(Path.Combine(stage.Net.Home($"node{i}"), "config", "priv_validator_key.json")))];
}
