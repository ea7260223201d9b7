using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>A real chain of seven validators, three of them ours: several fail at once, two runs meet at the power limit, a network is cut, the power is gone everywhere.</summary>
public sealed partial class SevenValidatorsTests(SevenStage stage) : IClassFixture<SevenStage>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>A chain that waits for one absent proposer after the other is slow, and does not stand.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cure_TwoOfOursKilledAtOnce_BothComeBackAndTheChainNeverStands()
    {
        await stage.StartAsync(Token);
        long before = await TipAsync();
        string[] nodes = ["node4", "node5"];
        await Task.WhenAll(nodes.Select(KillAsync));

        JsonNode[] closed = await CureAllAsync(nodes);

        Assert.All(closed, one => AssertCured(one, "two of seven killed"));
        await NeverStoodAsync(before);
    }

    [Fact]
    public async Task Cure_ThreeOfOursKilled_TheChainStandsUntilTheyAreBack()
    {
        await stage.StartAsync(Token);
        await Task.WhenAll(SevenStage.Ours.Select(KillAsync));
        long stands = await TipAsync();

        JsonNode[] closed = await CureAllAsync(SevenStage.Ours);

        Assert.All(closed, one => AssertCured(one, "three of seven killed: the chain stands"));
        await stage.Net.ReachesAsync(0, stands + 3, Patience, Token);
        Assert.Empty(await stage.Net.EvidenceAsync(0, Token));
    }

    [Fact]
    public async Task Restart_TwoRunsAtThePowerLimit_GoOneAfterTheOther_AndNoneGoesBelow()
    {
        await stage.StartAsync(Token);
        await AbsentAsync("node3");
        try
        {
            // Six of seven sign. One may go, two would halt the chain.
            long before = await TipAsync();
            string[] nodes = ["node4", "node5"];
            string[] runs = await Task.WhenAll(nodes.Select(node => stage.CureAsync(node, Token, "--cure", "restart")));
            int parked = await EndAllAsync(runs);

            await NeverStoodAsync(before);
            TestContext.Current.TestOutputHelper?.WriteLine($"parked by the budget: {parked} times");

            // Five of seven sign: whatever is touched now halts the chain, and only two people may say so.
            await AbsentAsync("node2");
            before = await TipAsync();
            string last = await stage.CureAsync("node4", Token, "--cure", "restart");
            JsonNode waiting = await stage.Cli.PhaseAsync(last, "awaitingApproval", Patience, Token);
            JsonNode gate = waiting["gates"]!.AsArray().Single(one => one!["open"]!.GetValue<bool>())!;
            Assert.Equal("halt", gate["name"]!.GetValue<string>());
            Assert.Equal(2, gate["required"]!.GetValue<int>());
            await AbortAsync(last);
            await NeverStoodAsync(before);
        }
        finally
        {
            await stage.OthersAsync("start", [2, 3], CancellationToken.None);
        }

        await Eventually.TrueAsync("node3 signs again", Patience, () => stage.Net.SignsAsync(0, stage.Bench.Address("node3"), Token), Token);
        Assert.Empty(await stage.Net.EvidenceAsync(0, Token));
    }

    [Fact]
    public async Task Cut_AllWaysToAValidator_IsNamedAndNothingIsTouched_AndItSignsAgainWhenTheyAreBack()
    {
        await stage.StartAsync(Token);
        int slot = SevenStage.Slot(SevenStage.Far);
        await stage.CutAsync();
        try
        {
            await Eventually.TrueAsync("it has no peers", Patience, async () => await stage.Net.PeersAsync(slot, Token) == 0, Token);
            string id = await StartsAsync();

            JsonNode closed = await stage.Cli.PhaseAsync(await stage.CureAsync(SevenStage.Far, Token), "closed", Patience, Token);

            Assert.Equal("failed", closed["outcome"]!.GetValue<string>());
            Assert.Contains("Unreachable", closed.ToJsonString(), StringComparison.Ordinal);
            Assert.Contains("none of its 6 persistent peers is reached from its host", closed.ToJsonString(), StringComparison.Ordinal);
            Assert.Equal(id, await StartsAsync());
        }
        finally
        {
            await stage.HealAsync();
        }

        DateTimeOffset healed = DateTimeOffset.UtcNow;
        await Eventually.TrueAsync("it signs again by itself", Patience, () => stage.Net.SignsAsync(0, stage.Bench.Address(SevenStage.Far), Token), Token);
        TestContext.Current.TestOutputHelper?.WriteLine($"network cut, healed: it signs after {(DateTimeOffset.UtcNow - healed).TotalSeconds:0} s, no run needed");
        Assert.Empty(await stage.Net.EvidenceAsync(0, Token));
    }

    [Fact]
    public async Task PowerCut_OfEverythingWithTemporalGone_TheChainResumesThroughTheGatesAlone()
    {
        await stage.StartAsync(Token);
        long before = await TipAsync();
        await stage.PowerCutAsync(Token);
        DateTimeOffset back = DateTimeOffset.UtcNow;
        await stage.PowerBackAsync(Token);

        await stage.Net.ReachesAsync(0, before + 3, Patience, Token);
        double chain = (DateTimeOffset.UtcNow - back).TotalSeconds;
        foreach (string node in SevenStage.Ours)
        {
            await Eventually.TrueAsync(node + " signs", Patience, () => stage.Net.SignsAsync(0, stage.Bench.Address(node), Token), Token);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"power cut of everything, Temporal gone: the chain goes on after {chain:0} s, ours all sign after {(DateTimeOffset.UtcNow - back).TotalSeconds:0} s");
        Assert.Empty(await stage.Net.EvidenceAsync(0, Token));
        await stage.EngineBackAsync(Token);
    }

    private Task KillAsync(string node) => stage.Net.KillAsync(node, SevenStage.Slot(node), Token);

    private async Task<long> TipAsync() => (await stage.Net.HeightAsync(0, Token))!.Value;

    private async Task<JsonNode[]> CureAllAsync(IReadOnlyList<string> nodes)
    {
        string[] runs = await Task.WhenAll(nodes.Select(node => stage.CureAsync(node, Token)));
        return await Task.WhenAll(runs.Select(run => stage.Cli.PhaseAsync(run, "closed", Patience, Token)));
    }

    /// <summary>Somebody else's validator is stopped, and no commit holds its signature any more.</summary>
    private async Task AbsentAsync(string node)
    {
        await stage.OthersAsync("stop", [SevenStage.Slot(node)], Token);
        await Eventually.TrueAsync(node + " is missing", Patience, async () => !await stage.Net.SignsAsync(0, stage.Bench.Address(node), Token), Token);
    }

    /// <summary>Brings two runs to their success: the one that the budget parks is tried again when the other is over, as its error says; before that a retry would ask two people.</summary>
    /// <returns>How many were parked.</returns>
    private async Task<int> EndAllAsync(IReadOnlyList<string> runs)
    {
        var parked = new HashSet<string>();
        JsonNode[] closed = await Eventually.GetAsync("all end: " + string.Join(", ", runs), Patience, async () =>
        {
            JsonNode[] states = await Task.WhenAll(runs.Select(run => stage.Cli.StateAsync(run, Token)));
            bool Over(JsonNode state) => state["phase"]!.GetValue<string>() == "closed";
            foreach ((string run, JsonNode state) in runs.Zip(states).Where(one => one.Second["phase"]!.GetValue<string>() == "parked"))
            {
                Assert.Contains("one signer at a time", state.ToJsonString(), StringComparison.Ordinal);
                parked.Add(run);
                if (states.Any(Over))
                {
                    await stage.Cli.TryAsync(Token, "retry", run, "--by", "bob");
                }
            }

            return states.All(Over) ? states : null;
        }, Token);
        Assert.All(closed, one => AssertCured(one, "restart at the power limit"));
        return parked.Count;
    }

    private async Task AbortAsync(string run)
    {
        await stage.Cli.TryAsync(Token, "abort", run, "--by", "bob");
        await Eventually.TrueAsync($"{run} is aborted", Patience, async () =>
        {
            JsonNode state = await stage.Cli.StateAsync(run, Token);
            if (state["phase"]!.GetValue<string>() == "unwinding" && state["unwinding"]?["digest"] is { } digest)
            {
                await stage.Cli.TryAsync(Token, "abort", run, "--by", "bob", "--confirm", digest.GetValue<string>()[..8]);
            }

            return state["phase"]!.GetValue<string>() == "closed";
        }, Token);
    }

    private async Task NeverStoodAsync(long since)
    {
        IReadOnlyList<DateTimeOffset> times = await stage.Net.TimesAsync(0, since, await TipAsync(), Token);
        TimeSpan longest = times.Zip(times.Skip(1), (one, next) => next - one).Append(DateTimeOffset.UtcNow - times[^1]).Max();
        Assert.True(longest < Longest, $"the chain stood for {longest}");
        Assert.Empty(await stage.Net.EvidenceAsync(0, Token));
    }

    /// <summary>The process of the far node, as its pids.</summary>
    private async Task<string> StartsAsync() => await ChildProgram.RunAsync("pgrep", ["-f", $"labchaind start --home {stage.Net.Home(SevenStage.Far)} "], cancellationToken: Token);

    private static void AssertCured(JsonNode closed, string what)
    {
        Assert.True(closed["outcome"]!.GetValue<string>() == "succeeded", $"{what}: {closed}");
        string signs = closed["steps"]!.AsArray().Single(step => step!["id"]!.GetValue<string>() == "signs")!["detail"]?.GetValue<string>() ?? "";
        Assert.Contains("holds its signature", signs, StringComparison.Ordinal);
        JsonNode clock = closed["clock"]!;
        double seconds = (clock["provenAt"]!.GetValue<DateTimeOffset>() - clock["triggeredAt"]!.GetValue<DateTimeOffset>()).TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: RTO {seconds:0} s; {signs}");
    }
}
