using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>A real validator whose key somebody else uses: its own node worker stops it, without a run.</summary>
public sealed class SignerAlarmTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(120);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_ATwinIsStartedByHand_StopsOurSignerAndItsGateRefusesUntilTwoPeopleClearIt()
    {
        await using var stage = new SignerStage();
        await stage.StartAsync(Token);
        var here = stage.Cli.With(stage.Bench.Variables(SignerStage.Node));
        string[] key = ["--chain", SignerBench.Chain, "--validator", stage.Bench.Address(SignerStage.Node)];

        // From here on it runs through its gate, under its own worker.
        await stage.KillAsync(Token);
        string run = await stage.CureAsync(Token);
        await stage.Cli.PhaseAsync(run, "closed", Long, Token);
        Assert.Null((await here.JsonAsync(Token, ["signer", "alarm", "show", .. key]))["current"]);

        stage.StartByHand(SignerStage.Standby, granted: true);
        JsonNode? alarm = null;
        await Eventually.TrueAsync("the alarm stops it", Long, async () =>
        {
            (_, string shown) = await here.TryAsync(Token, ["signer", "alarm", "show", .. key, "--output", "json"]);
            alarm = shown.Contains('{', StringComparison.Ordinal) ? JsonNode.Parse(shown[shown.IndexOf('{', StringComparison.Ordinal)..])!["current"] : null;
            return alarm?["stoppedAt"] is not null;
        }, Token);
        await Eventually.TrueAsync("it is gone", Long, async () => await stage.Net.HeightAsync(3, Token) is null, Token);
        double seconds = (alarm!["stoppedAt"]!.GetValue<DateTimeOffset>() - alarm["at"]!.GetValue<DateTimeOffset>()).TotalSeconds;
        Assert.InRange(seconds, 0, 15);

        // Whichever came first: its own log, or the evidence in a block by both RPCs. It is in a block only where a third node saw both votes.
        string[] kinds = [.. alarm["reasons"]!.AsArray().Select(reason => reason!["kind"]!.GetValue<string>())];
        Assert.Contains(kinds, kind => kind is "ownLog" or "evidence");
        Assert.NotEmpty(await stage.TwoSignersAsync(Token));
        Assert.True(!kinds.Contains("evidence") || (await stage.EvidenceAsync(Token)).Count > 0, "the alarm tells of evidence that no block holds");

        // Its gate refuses, whoever asks, and no run starts it.
        (int code, string why) = await here.TryAsync(Token, [.. stage.Bench.GatedStart(SignerStage.Node).Skip(1).Take(6), "--once", "--", "true"]);
        Assert.True(code == 3 && why.Contains("ALARM", StringComparison.Ordinal), $"{code}: {why}");
        await stage.KillAsync(SignerStage.Standby, 4, Token);
        (int one, string alone) = await here.TryAsync(Token, ["signer", "alarm", "clear", .. key, "--approved-by", "alice", "--reason", "a twin was started by hand"]);
        Assert.True(one == 3 && alone.Contains("two different people", StringComparison.Ordinal), alone);

        // Evidence of the same twin may come into a block after the first alarm was cleared: it is another alarm, and cleared like it.
        JsonNode cleared = await Eventually.GetAsync("two people clear it", Long, async () =>
        {
            await here.TryAsync(Token, ["signer", "alarm", "clear", .. key, "--approved-by", "alice", "--approved-by", "bob", "--reason", "a twin was started by hand"]);
            (int left, string shown) = await here.TryAsync(Token, ["signer", "alarm", "show", .. key, "--output", "json"]);
            return left == 0 ? JsonNode.Parse(shown[shown.IndexOf('{', StringComparison.Ordinal)..]) : null;
        }, Token);
        Assert.Null(cleared["current"]);
        Assert.Equal("a twin was started by hand", cleared["cleared"]![0]!["clearedReason"]!.GetValue<string>());
    }
}
