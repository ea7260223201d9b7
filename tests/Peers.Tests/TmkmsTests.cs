using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>A real validator whose key is in a real tmkms: enrolled, killed, its state file lost, backed up and verified beside it, moved to another host. Nobody signs twice.</summary>
public sealed class TmkmsTests(TmkmsStage stage) : IClassFixture<TmkmsStage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Validator_WithTmkms_ComesBackAndMovesThroughTheGateOnly()
    {
        await stage.StartAsync(Token);
        Tmkms here = stage.Of(SignerStage.Node), there = stage.Of(SignerStage.Standby);

        // The signer alone is gone: its node follows the chain and looks healthy.
        await here.KillAsync(Token);
        JsonNode signer = await CuredAsync("kill -9 of tmkms");
        Assert.Contains("its tmkms does not run", Detail(signer, "class"), StringComparison.Ordinal);
        await RefusedAsync(SignerStage.Node, "lock is held");

        // A verification starts a scratch node from the validator's own backup: it neither signs nor takes the wire.
        await stage.Cli.JsonAsync(Token, "backup", "run", "--node", SignerStage.Node, "--by", "alice");
        int connected = Connections(here);
        JsonNode verified = await stage.Cli.JsonAsync(Token, "backup", "verify", "--node", SignerStage.Node, "--rung", "4");
        Assert.Contains(verified["verified"]!.AsArray(), one => one!["rung"]!.GetValue<int>() == 4);
        Assert.Equal(connected, Connections(here));

        // Both are gone at once.
        await here.KillAsync(Token);
        await stage.KillAsync(Token);
        Assert.Empty((await CuredAsync("kill -9 of tmkms and node"))["gates"]!.AsArray());

        // Its state file is lost: tmkms would make another one at height 0. The gate does not let it.
        await here.KillAsync(Token);
        await stage.KillAsync(Token);
        File.Delete(here.StateFile);
        await RefusedAsync(SignerStage.Node, "HRS file");
        string run = await stage.CureAsync(Token);
        await ApproveAsync(run);
        AssertSigns(await stage.Cli.PhaseAsync(run, "closed", Patience, Token), "state file deleted");

        // Below the floor of the new epoch.
        await here.KillAsync(Token);
        string kept = await File.ReadAllTextAsync(here.StateFile, Token);
        await File.WriteAllTextAsync(here.StateFile, """{"height":"3","round":"0","step":2,"block_id":null}""", Token);
        await RefusedAsync(SignerStage.Node, "floor");
        await File.WriteAllTextAsync(here.StateFile, kept, Token);

        string move = await stage.MoveAsync(SignerStage.Standby, Token);
        await ApproveAsync(move);
        JsonNode moved = await stage.Cli.PhaseAsync(move, "closed", Patience, Token);
        AssertSigns(moved, "moved");
        Assert.True(Connections(there) > 0);
        await RefusedAsync(SignerStage.Node, "fenced");
        Assert.Empty(await stage.EvidenceAsync(Token));
    }

    private async Task<JsonNode> CuredAsync(string what)
    {
        JsonNode closed = await stage.Cli.PhaseAsync(await stage.CureAsync(Token), "closed", Patience, Token);
        AssertSigns(closed, what);
        return closed;
    }

    private async Task ApproveAsync(string run)
    {
        await stage.Cli.PhaseAsync(run, "awaitingApproval", Patience, Token);
        (int code, string output) = await stage.Cli.TryAsync(Token, "approve", run, "--by", "bob", "--yes");
        Assert.True(code == 0, output);
    }

    private async Task RefusedAsync(string node, string why)
    {
        (int code, string output) = await stage.Cli.With(stage.Bench.Variables(node)).TryAsync(Token, [.. stage.Gated(node).Skip(1)]);
        Assert.True(code == 3 && output.Contains(why, StringComparison.Ordinal), output);
    }

    private static int Connections(Tmkms host) => host.Log.Split("connected to validator successfully").Length - 1;

    private static void AssertSigns(JsonNode closed, string what)
    {
        Assert.True(closed["outcome"]!.GetValue<string>() == "succeeded", $"{what}: {closed}");
        Assert.Contains("holds its signature", Detail(closed, "signs"), StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: from {closed["clock"]!["triggeredAt"]} to {closed["clock"]!["provenAt"]}; {Detail(closed, "signs")}");
    }

    private static string Detail(JsonNode state, string id) => state["steps"]!.AsArray().Single(step => step!["id"]!.GetValue<string>() == id)!["detail"]?.GetValue<string>() ?? "";
}
