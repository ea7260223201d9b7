using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>A real full node's disk is lost and comes back, on a real chain, with real S3 and a real Temporal server.</summary>
public sealed class ChainStateTests(PeerStage stage) : IClassFixture<PeerStage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RestoreFromCli_DataDestroyed_NodeHealthyAndValidatorsUntouched()
    {
        await BackUpAsync();
        string[] before = SigningKeys();
        await DestroyDataAsync();

        JsonNode started = await stage.Cli.JsonAsync(Token, "run", "RB-DR-006", "--node", PeerEstate.FullNode, "--by", "alice", "--reason", "disk lost");
        string run = started["workflowId"]!.GetValue<string>();
        await ApproveAsync(run);
        JsonNode closed = await stage.Cli.PhaseAsync(run, "closed", Patience, Token);

        Assert.Equal("succeeded", closed["outcome"]!.GetValue<string>());
        await AssertHealthyAsync();
        Assert.Equal(before, SigningKeys());
    }

    [Fact]
    public async Task RestoreFromTemporalCli_ApprovalBySignal_NodeHealthy()
    {
        await BackUpAsync();
        await DestroyDataAsync();

        string run = "by-hand-" + Guid.NewGuid().ToString("N");
        await stage.Temporal.CliAsync(
            ["workflow", "start", "--type", "RB-DR-006", "--task-queue", "dr-control", "--workflow-id", run, "--input", """{"node":"fullnode-0"}"""], Token);
        JsonNode waiting = await stage.Cli.PhaseAsync(run, "awaitingApproval", Patience, Token);
        string digest = waiting["plan"]!["digest"]!.GetValue<string>();
        JsonNode gate = waiting["gates"]!.AsArray().First(g => g!["open"]!.GetValue<bool>())!;
        Assert.Equal(2, gate["required"]!.GetValue<int>()); // nobody is named as the starter: one approval more
        foreach (string person in (string[])["alice", "bob"])
        {
            await stage.Temporal.CliAsync(
                ["workflow", "signal", "--workflow-id", run, "--name", "approve", "--input", new JsonObject
                {
                    ["by"] = person, ["gate"] = gate["name"]!.GetValue<string>(), ["digest"] = digest,
                }.ToJsonString()], Token);
        }

        JsonNode closed = await stage.Cli.PhaseAsync(run, "closed", Patience, Token);
        Assert.Equal("succeeded", closed["outcome"]!.GetValue<string>());
        await AssertHealthyAsync();
    }

    [Fact]
    public async Task Restore_NodeWorkerKilledWhileDownloading_ResumesAndSucceeds()
    {
        await BackUpAsync();
        await DestroyDataAsync();
        JsonNode started = await stage.Cli.JsonAsync(Token, "run", "RB-DR-006", "--node", PeerEstate.FullNode, "--by", "alice");
        string run = started["workflowId"]!.GetValue<string>();
        await ApproveAsync(run);

        await StepIsAsync(run, "download", "running");
        await ReplaceNodeWorkerAsync();

        JsonNode closed = await stage.Cli.PhaseAsync(run, "closed", Patience, Token);
        Assert.Equal("succeeded", closed["outcome"]!.GetValue<string>());
        await AssertHealthyAsync();
    }

    [Fact]
    public async Task Backup_NodeWorkerKilledDuringIt_CompletesAndNodeIsNotFrozen()
    {
        await stage.EnsureFullNodeAsync(Token);
        Task<JsonNode> backup = stage.Cli.JsonAsync(Token, "backup", "run", "--node", PeerEstate.FullNode, "--by", "alice");
        await Eventually.TrueAsync("something is staged for the upload", Patience, () => Task.FromResult(
            Directory.Exists(stage.Net.Home(PeerEstate.FullNode)) &&
            Directory.EnumerateDirectories(stage.Net.Home(PeerEstate.FullNode), ".virtengine-dr*", SearchOption.TopDirectoryOnly).Any()), Token);
        await ReplaceNodeWorkerAsync();

        JsonNode outcome = await backup;
        Assert.Single(outcome["backups"]!.AsArray());
        long height = (await stage.Net.HeightAsync(4, Token))!.Value;
        await stage.Net.ReachesAsync(4, height + 3, TimeSpan.FromSeconds(60), Token);
    }

    private async Task BackUpAsync()
    {
        await stage.EnsureFullNodeAsync(Token);
        JsonNode outcome = await stage.Cli.JsonAsync(Token, "backup", "run", "--node", PeerEstate.FullNode, "--by", "alice");
        JsonNode backup = Assert.Single(outcome["backups"]!.AsArray())!;
        Assert.Equal(PeerEstate.Regions.Order(), backup["regions"]!.AsArray().Select(r => r!.GetValue<string>()).Order());
        JsonNode verified = await stage.Cli.JsonAsync(Token, "backup", "verify", "--node", PeerEstate.FullNode, "--rung", "4");
        Assert.Contains(verified["verified"]!.AsArray(), v => v!["rung"]!.GetValue<int>() == 4);
    }

    private async Task DestroyDataAsync()
    {
        string home = stage.Net.Home(PeerEstate.FullNode);
        await ChildProgram.RunAsync("sh", ["-c", "for p in /proc/[0-9]*; do if tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -qF -- \"--home $0 \"; then kill -9 ${p#/proc/}; fi; done", home], cancellationToken: Token);
        await Eventually.TrueAsync("the full node is gone", TimeSpan.FromSeconds(20), async () => await stage.Net.HeightAsync(4, Token) is null, Token);
        Directory.Delete(Path.Combine(home, "data"), recursive: true);
    }

    private async Task ApproveAsync(string run)
    {
        await stage.Cli.PhaseAsync(run, "awaitingApproval", Patience, Token);
        (int code, string output) = await stage.Cli.TryAsync(Token, "approve", run, "--by", "bob", "--yes");
        Assert.True(code == 0, output);
    }

    private Task StepIsAsync(string run, string step, string status) =>
        Eventually.TrueAsync($"step {step} is {status}", Patience, async () =>
            (await stage.Cli.StateAsync(run, Token))["steps"]!.AsArray().Any(s =>
                s!["id"]!.GetValue<string>() == step && s["status"]!.GetValue<string>() is var now && (now == status || now == "done")), Token);

    private async Task ReplaceNodeWorkerAsync()
    {
        stage.NodeWorker.Kill();
        await stage.NodeWorker.WaitAsync(Token);
        stage.StartNodeWorker();
    }

    private async Task AssertHealthyAsync()
    {
        long height = (await stage.Net.HeightAsync(0, Token))!.Value;
        await stage.Net.ReachesAsync(4, height, TimeSpan.FromSeconds(60), Token);
        Assert.Equal(await stage.Net.AppHashAsync(0, height, Token), await stage.Net.AppHashAsync(4, height, Token));
    }

    private string[] SigningKeys() => [.. Enumerable.Range(0, 4).Select(i => File.ReadAllText(Path.Combine(stage.Net.Home($"node{i}"), "config", "priv_validator_key.json")))];
}
