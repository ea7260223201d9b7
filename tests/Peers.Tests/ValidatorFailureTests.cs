using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>A real validator of a real chain fails, and RB-DR-001 brings it back through the interlock: it signs again, and nobody signed twice.</summary>
public sealed class ValidatorFailureTests(SignerStage stage) : IClassFixture<SignerStage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cure_KilledValidator_StartsThroughItsGateAndSignsAgain()
    {
        await stage.StartAsync(Token);
        await stage.KillAsync(Token);

        string run = await stage.CureAsync(Token);

        JsonNode closed = await stage.Cli.PhaseAsync(run, "closed", Patience, Token);
        await AssertCuredAsync(closed);
        Assert.Empty(closed["gates"]!.AsArray());
    }

    [Fact]
    public async Task Cure_HrsFileDeletedOnARunningChain_GetsANewEpochAboveEverythingSigned()
    {
        await stage.StartAsync(Token);
        await stage.KillAsync(Token);
        File.Delete(stage.HrsFile);

        string run = await stage.CureAsync(Token);
        JsonNode waiting = await stage.Cli.PhaseAsync(run, "awaitingApproval", Patience, Token);
        Assert.Contains("HRS file", waiting["gates"]![0]!["question"]!.GetValue<string>(), StringComparison.Ordinal);
        (int code, string output) = await stage.Cli.TryAsync(Token, "approve", run, "--by", "bob", "--yes");
        Assert.True(code == 0, output);

        JsonNode closed = await stage.Cli.PhaseAsync(run, "closed", Patience, Token);
        await AssertCuredAsync(closed);
        Assert.Contains("adopted fence", Detail(closed, "signer-fence"), StringComparison.Ordinal);
        Assert.Contains("no signature from height", Detail(closed, "signer-silence"), StringComparison.Ordinal);
        Assert.Contains("counts", Detail(closed, "signer-put"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cure_HrsFileDeletedOnAHaltedChain_AsksTwoPeopleForTheVoteSetsAndTheChainGoesOn()
    {
        await stage.StartAsync(Token);
        await stage.KillAsync(Token);
        File.Delete(stage.HrsFile);
        await stage.StopAnotherAsync(Token);
        var asked = new SortedDictionary<string, int>(StringComparer.Ordinal);
        try
        {
            string run = await stage.CureAsync(Token);
            JsonNode closed = await Eventually.GetAsync($"{run} closes", Patience, async () =>
            {
                JsonNode state = await stage.Cli.StateAsync(run, Token);
                string phase = state["phase"]!.GetValue<string>();
                Assert.True(phase != "parked", $"{state}");
                if (phase == "awaitingApproval" && state["gates"]!.AsArray().FirstOrDefault(gate => gate!["open"]!.GetValue<bool>()) is { } open)
                {
                    asked[open["name"]!.GetValue<string>()] = open["required"]!.GetValue<int>();
                    foreach (string by in new[] { "bob", "carol" }.Take(open["required"]!.GetValue<int>()))
                    {
                        await stage.Cli.TryAsync(Token, "approve", run, "--gate", open["name"]!.GetValue<string>(), "--digest", open["digest"]!.GetValue<string>(), "--by", by, "--yes");
                    }
                }

                return phase == "closed" ? state : null;
            }, Token);
            await AssertCuredAsync(closed);
            Assert.True(asked.TryGetValue("signer-vote-sets", out int people) && people == 2, $"asked: {string.Join(", ", asked)}");
        }
        finally
        {
            await LabNet.RunAsync(["start", stage.Net.Folder, "node2"], CancellationToken.None);
        }
    }

    private async Task AssertCuredAsync(JsonNode closed)
    {
        Assert.True(closed["outcome"]!.GetValue<string>() == "succeeded", $"{closed}");
        Assert.Contains("holds its signature", Detail(closed, "signs"), StringComparison.Ordinal);
        Assert.Empty(await stage.EvidenceAsync(Token));
        JsonNode clock = closed["clock"]!;
        TestContext.Current.TestOutputHelper?.WriteLine($"RTO: from {clock["triggeredAt"]} to {clock["provenAt"]}; {Detail(closed, "signs")}");
    }

    private static string Detail(JsonNode state, string id) => state["steps"]!.AsArray().Single(step => step!["id"]!.GetValue<string>() == id)!["detail"]?.GetValue<string>() ?? "";
}
