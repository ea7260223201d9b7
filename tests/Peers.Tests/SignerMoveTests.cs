using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>A real validator of a real chain moves to another host and back, on a running chain and on a halted one; nobody signs twice, and a fenced host starts nothing.</summary>
public sealed class SignerMoveTests(SignerStage stage) : IClassFixture<SignerStage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Move_ThereAndBackOnAHaltedChain_OneHostSignsAtATime()
    {
        await stage.StartAsync(Token);

        // There, while it signs.
        string run = await stage.MoveAsync(SignerStage.Standby, Token);
        JsonNode waiting = await stage.Cli.PhaseAsync(run, "awaitingApproval", Patience, Token);
        Assert.Contains("node3 stops signing", $"{waiting["plan"]!["risks"]}", StringComparison.Ordinal);
        await ApproveAsync(run, "bob");
        JsonNode moved = await stage.Cli.PhaseAsync(run, "closed", Patience, Token);
        AssertSigns(moved);
        Assert.Null(await stage.Net.HeightAsync(3, Token));

        // A fenced node that somebody starts by hand: its gate refuses.
        IReadOnlyList<string> start = stage.Bench.GatedStart(SignerStage.Node);
        (int code, string output) = await stage.Cli.With(stage.Bench.Variables(SignerStage.Node)).TryAsync(Token, [.. start.Skip(1)]);
        Assert.True(code == 3 && output.Contains("fenced", StringComparison.Ordinal), output);

        // And back on a halted chain: the signer is killed, another validator is away, half the power is left. The chain goes on when
        // this very key votes: what it signed last came over with the grant, so that it can say it again where nobody heard it.
        await stage.KillAsync(SignerStage.Standby, 4, Token);
        await stage.StopAnotherAsync(Token);
        string back = await stage.MoveAsync(SignerStage.Node, Token);
        await stage.Cli.PhaseAsync(back, "awaitingApproval", Patience, Token);
        await ApproveAsync(back, "bob");
        static JsonNode? Gate(JsonNode state) => state["gates"]!.AsArray().FirstOrDefault(gate => gate!["name"]!.GetValue<string>() == "signer-halted" && gate["open"]!.GetValue<bool>());
        JsonNode halted = await UntilAsync(back, "asks two people", state => Gate(state) is not null);
        Assert.Equal(2, Gate(halted)!["required"]!.GetValue<int>());
        await ApproveAsync(back, "bob");
        await ApproveAsync(back, "carol");
        JsonNode closed = await stage.Cli.PhaseAsync(back, "closed", Patience, Token);
        AssertSigns(closed);

        Assert.Empty(await stage.EvidenceAsync(Token));
        TestContext.Current.TestOutputHelper?.WriteLine($"there: {moved["clock"]}\nback: {closed["clock"]}");
    }

    private async Task<JsonNode> UntilAsync(string run, string what, Func<JsonNode, bool> satisfied)
    {
        JsonNode? last = null;
        try
        {
            return await Eventually.GetAsync($"{run} {what}", Patience, async () => satisfied(last = await stage.Cli.StateAsync(run, Token)) ? last : null, Token);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{last?["headline"]}\n{last?["journal"]}", e);
        }
    }

    private async Task ApproveAsync(string run, string by)
    {
        (int code, string output) = await stage.Cli.TryAsync(Token, "approve", run, "--by", by, "--yes");
        Assert.True(code == 0, output);
    }

    private static void AssertSigns(JsonNode closed)
    {
        Assert.True(closed["outcome"]!.GetValue<string>() == "succeeded", $"{closed}");
        JsonNode signs = closed["steps"]!.AsArray().Single(step => step!["id"]!.GetValue<string>() == "signs")!;
        Assert.Contains("holds its signature", signs["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }
}
