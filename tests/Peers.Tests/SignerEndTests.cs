using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>A real validator's host is gone for good with its node worker; its volume is mounted elsewhere, fenced there, and the key moves without asking the dead.</summary>
public sealed class SignerEndTests(SignerStage stage) : IClassFixture<SignerStage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Move_FormerHostDeadAndItsVolumeFenced_SignsElsewhereAndTheDeadHostStartsNothing()
    {
        await stage.StartAsync(Token);
        string volume = Path.GetDirectoryName(stage.Bench.Root(SignerStage.Node))!, file = Path.Combine(volume, "..", "ended.json");
        await stage.DieAsync(Token);
        stage.Bench.Attach(SignerStage.Standby, "sdb", "disk-of-" + SignerStage.Node);
        (int fenced, string words) = await stage.Cli.With(stage.Bench.Variables(SignerStage.Standby)).TryAsync(
            Token, "signer", "fence-volume", "--chain", SignerBench.Chain, "--validator", stage.Bench.Address(SignerStage.Node), "--mount", volume, "--signers", "signers", "--disk", "sdb", "--to", file, "--by", "carol");
        Assert.True(fenced == 0, words);

        string run = await stage.MoveAsync(SignerStage.Standby, Token, "--ended", file);
        JsonNode waiting = await stage.Cli.PhaseAsync(run, "awaitingApproval", Patience, Token);
        Assert.Contains("VolumeFenced", $"{waiting["plan"]!["bounds"]}", StringComparison.Ordinal);
        (int code, string output) = await stage.Cli.TryAsync(Token, "approve", run, "--by", "bob", "--yes");
        Assert.True(code == 0, output);
        JsonNode closed = await stage.Cli.PhaseAsync(run, "closed", Patience, Token);

        Assert.True(closed["outcome"]!.GetValue<string>() == "succeeded", $"{closed}");
        Assert.Contains("by VolumeFenced", Detail(closed, "signer-judge"), StringComparison.Ordinal);
        Assert.Contains("holds its signature", Detail(closed, "signs"), StringComparison.Ordinal);
        (int refused, string why) = await stage.Cli.With(stage.Bench.Variables(SignerStage.Node)).TryAsync(Token, [.. stage.Bench.GatedStart(SignerStage.Node).Skip(1)]);
        Assert.True(refused == 3 && why.Contains("fenced", StringComparison.Ordinal), why);
        Assert.Empty(await stage.EvidenceAsync(Token));
    }

    private static string Detail(JsonNode state, string id) => state["steps"]!.AsArray().Single(step => step!["id"]!.GetValue<string>() == id)!["detail"]?.GetValue<string>() ?? "";
}
