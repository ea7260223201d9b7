using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>A real validator holds a wrong state, and RB-DR-004 brings it back through the interlock: it signs again, and nobody signed twice.</summary>
public sealed class ValidatorCorruptionTests(SignerStage stage) : IClassFixture<SignerStage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Recover_ValidatorWithAWrongAppHash_IsRolledBackStartsThroughItsGateAndSignsAgain()
    {
        await stage.StartAsync(Token);
        await stage.EndAsync(Token);
        string signed = await File.ReadAllTextAsync(stage.HrsFile, Token);
        StateStore.FlipAppHash(stage.Net.Home(SignerStage.Node));

        string run = await stage.RecoverAsync(Token);
        var gates = new List<string>();
        JsonNode state = await NextAsync(run);
        while (state["phase"]!.GetValue<string>() == "awaitingApproval")
        {
            JsonNode open = state["gates"]!.AsArray().First(one => one!["open"]!.GetValue<bool>())!;
            gates.Add(open["name"]!.GetValue<string>());
            Assert.Equal(signed, await File.ReadAllTextAsync(stage.HrsFile, Token));
            await stage.Cli.JsonAsync(Token, "approve", run, "--gate", gates[^1], "--digest", open["digest"]!.GetValue<string>(), "--by", "bob", "--yes");
            state = await NextAsync(run);
        }

        Assert.True(state["phase"]!.GetValue<string>() != "parked", $"{state}");
        JsonNode closed = await stage.Cli.PhaseAsync(run, "closed", Patience, Token);
        Assert.True(closed["outcome"]!.GetValue<string>() == "succeeded", $"{closed}");
        Assert.Contains("rollback", gates);

        // The bucket of this stage is a folder, which anybody can empty: people are asked.
        Assert.Contains("no-copy", gates);
        Assert.Contains("holds its signature", Detail(closed, "signs"), StringComparison.Ordinal);
        Assert.Contains("did not come back", Detail(closed, "agree"), StringComparison.Ordinal);
        Assert.Empty(await stage.EvidenceAsync(Token));
        JsonNode clock = closed["clock"]!;
        TestContext.Current.TestOutputHelper?.WriteLine($"RTO: from {clock["triggeredAt"]} to {clock["provenAt"]}; {Detail(closed, "signs")}");
    }

    private Task<JsonNode> NextAsync(string run) => Eventually.GetAsync($"{run} asks, parks or ends", Patience, async () =>
    {
        JsonNode now = await stage.Cli.StateAsync(run, Token);
        return now["phase"]!.GetValue<string>() is "parked" or "closed" or "watching" || (now["phase"]!.GetValue<string>() == "awaitingApproval" && now["gates"]!.AsArray().Any(one => one!["open"]!.GetValue<bool>())) ? now : null;
    }, Token);

    private static string Detail(JsonNode state, string id) => state["steps"]!.AsArray().Single(step => step!["id"]!.GetValue<string>() == id)!["detail"]?.GetValue<string>() ?? "";
}
