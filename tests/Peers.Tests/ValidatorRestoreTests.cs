using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>A real validator of a real chain loses its data folder, its HRS file with it, and RB-DR-006 brings it back through the interlock.</summary>
public sealed class ValidatorRestoreTests(SignerStage stage) : IClassFixture<SignerStage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_DataAndHrsFileDeleted_SwapsWithoutAStateAndSignsByANewEpochOnly()
    {
        await stage.StartAsync(Token);
        JsonNode outcome = await stage.Cli.JsonAsync(Token, "backup", "run", "--node", SignerStage.Node, "--by", "alice");
        Assert.Single(outcome["backups"]!.AsArray());
        await stage.KillAsync(Token);
        Directory.Delete(Path.GetDirectoryName(stage.HrsFile)!, recursive: true);

        string run = await stage.RestoreAsync(Token);
        foreach (string gate in (string[])["restore", "signer"])
        {
            await OpenAsync(run, gate);
            (int code, string output) = await stage.Cli.TryAsync(Token, "approve", run, "--by", "bob", "--yes");
            Assert.True(code == 0, output);
        }

        JsonNode closed = await stage.Cli.PhaseAsync(run, "closed", Patience, Token);
        Assert.True(closed["outcome"]!.GetValue<string>() == "succeeded", $"{closed}");
        Assert.Contains("its file says nothing", Detail(closed, "signer-fence"), StringComparison.Ordinal);
        Assert.Contains("holds its signature", Detail(closed, "signs"), StringComparison.Ordinal);
        Assert.Empty(await stage.EvidenceAsync(Token));
        TestContext.Current.TestOutputHelper?.WriteLine($"RTO: from {closed["clock"]!["triggeredAt"]} to {closed["clock"]!["provenAt"]}; {Detail(closed, "signs")}");
    }

    private Task<JsonNode> OpenAsync(string run, string gate) => Eventually.GetAsync($"{run} asks at gate {gate}", Patience, async () =>
    {
        JsonNode state = await stage.Cli.StateAsync(run, Token);
        return state["phase"]!.GetValue<string>() is "parked" or "closed" ? throw new ArgumentException($"{run} does not ask at {gate}:\n{state["headline"]}\n{state["journal"]}")
            : state["gates"]!.AsArray().Any(one => one!["open"]!.GetValue<bool>() && one["name"]!.GetValue<string>() == gate) ? state : null;
    }, Token);

    private static string Detail(JsonNode state, string id) => state["steps"]!.AsArray().Single(step => step!["id"]!.GetValue<string>() == id)!["detail"]?.GetValue<string>() ?? "";
}
