using System.Globalization;
using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>RB-DR-004 on the same chain: several of our validators by one run, one that signs at the power limit, and a plan for everybody while the chain stands.</summary>
public partial class SevenValidatorsTests
{
    /// <summary>A little above <c>chain.maxBlockAge</c> of the estate, which says nothing else than the default.</summary>
    private static readonly TimeSpan Old = TimeSpan.FromSeconds(65);

    [Fact]
    public async Task Recover_TwoWithAWrongAppHashByOneRun_OneAfterTheOther_AndBothSignAgain()
    {
        await stage.StartAsync(Token);
        long before = await TipAsync();
        string[] nodes = ["node4", "node5"];
        foreach (string node in nodes)
        {
            await EndedAsync(node);
            StateStore.FlipAppHash(stage.Net.Home(node));
        }

        (JsonNode closed, IReadOnlyList<string> gates) = await ApprovedAsync(await RecoverAsync([.. nodes.SelectMany(node => new[] { "--node", node })]));

        AssertSucceeded(closed, "two of seven with a wrong app hash");
        foreach (string node in nodes)
        {
            Assert.Contains("StateOffByOne", Detail(closed, node + "/decide"), StringComparison.Ordinal);
            Assert.Contains(node + "/rollback", gates);
            Assert.Contains("holds its signature", Detail(closed, node + "/signs"), StringComparison.Ordinal);
        }

        await NeverStoodAsync(before);
    }

    [Fact]
    public async Task Recover_AValidatorThatSigns_ReservesItsPower_AndAtTheLimitTwoPeopleAreAsked()
    {
        await stage.StartAsync(Token);
        await AbsentAsync("node2");
        await AbsentAsync("node3");
        try
        {
            // Five of seven sign: one less halts the chain.
            long before = await TipAsync();
            string run = await RecoverAsync("--node", "node4", "--recovery", "rollback", "--height", Text(before));
            JsonNode asked = await AsksAsync(run, "halt");
            Assert.Equal(2, Gate(asked)["required"]!.GetValue<int>());
            await AbortAsync(run);
            await NeverStoodAsync(before);
            Assert.True(await stage.Net.SignsAsync(0, stage.Bench.Address("node4"), Token));
        }
        finally
        {
            await stage.OthersAsync("start", [2, 3], CancellationToken.None);
        }

        foreach (string node in (string[])["node2", "node3"])
        {
            await Eventually.TrueAsync(node + " signs again", Patience, () => stage.Net.SignsAsync(0, stage.Bench.Address(node), Token), Token);
        }

        // All seven sign: it goes by the budget, which has it back in the end.
        long start = await TipAsync();
        (JsonNode closed, IReadOnlyList<string> gates) = await ApprovedAsync(await RecoverAsync("--node", "node4", "--recovery", "rollback", "--height", Text(start - 1)));

        AssertSucceeded(closed, "a validator that signed, rolled back by hand");
        Assert.DoesNotContain("halt", gates);
        Assert.Contains(closed["journal"]!.AsArray(), line => line!.ToJsonString().Contains("power-reserve", StringComparison.Ordinal));
        Assert.Contains("holds its signature", Detail(closed, "signs"), StringComparison.Ordinal);
        (int code, string power) = await stage.Cli.With(stage.Bench.Variables("node4")).TryAsync(Token, "signer", "power", "--chain", SignerBench.Chain);
        Assert.True(code == 0 && power.Contains("nothing is reserved", StringComparison.Ordinal), $"{code}: {power}");
        await NeverStoodAsync(start);
    }

    [Fact]
    public async Task Recover_TheChainStands_EverybodyGoesBackByOnePlanAndItGoesOn()
    {
        await stage.StartAsync(Token);
        string version = await VersionAsync();
        foreach (string node in SevenStage.Ours)
        {
            await EndedAsync(node);
        }

        // Four of seven are left: the chain stands. Its last state is the one that is declared wrong.
        long stands = long.Parse(await StandsAsync(), CultureInfo.InvariantCulture);
        string run = await RecoverAsync([.. SevenStage.Ours.SelectMany(node => new[] { "--node", node }), "--coordinated", version, "--height", Text(stands - 1), "--within", "1"]);
        (JsonNode waiting, IReadOnlyList<string> first) = await ApprovedAsync(run, until: "others");
        Assert.True(first.Contains("publish"), $"{waiting}");

        // The others do what the plan says, on hosts of their own: they verify it, go back by one and start.
        string plan = Directory.EnumerateFiles(stage.Folder, "*.json", SearchOption.AllDirectories).First(file => file.Contains("recovery-plans", StringComparison.Ordinal));
        (int code, string verified) = await stage.Cli.TryAsync(Token, "recovery-plan", "verify", "--plan", plan, "--key", stage.PlanKey);
        Assert.True(code == 0, verified);
        int[] others = [0, 1, 2, 3];
        await stage.OthersAsync("stop", others, Token);
        foreach (int slot in others)
        {
            await ChildProgram.RunAsync("labchaind", ["rollback", "--home", stage.Net.Home($"node{slot}")], cancellationToken: Token);
        }

        await stage.OthersAsync("start", others, Token);
        await Eventually.TrueAsync("the others answer", Patience, async () => await stage.Net.HeightAsync(0, Token) is not null, Token);

        // They had voted in the very round that stands, and send that vote again with the time it had: it proves nothing, so people say that they are back.
        string[] said = [.. others.Take(2).SelectMany(slot => new[] { "--validator", stage.Bench.Address($"node{slot}") })];
        await stage.Cli.JsonAsync(Token, ["recovery-plan", "ready", run, "--by", "bob", "--why", "told on the validators' channel", .. said]);
        (JsonNode closed, IReadOnlyList<string> gates) = await ApprovedAsync(run);

        AssertSucceeded(closed, "the whole chain back by one plan");
        Assert.All(SevenStage.Ours, node => Assert.Contains(node + "/rollback", gates));
        await stage.Net.ReachesAsync(0, stands + 3, Patience, Token);
        Assert.Empty(await stage.Net.EvidenceAsync(0, Token));
    }

    private static string Text(long height) => height.ToString(CultureInfo.InvariantCulture);

    private static string Detail(JsonNode state, string id) => state["steps"]!.AsArray().Single(step => step!["id"]!.GetValue<string>() == id)!["detail"]?.GetValue<string>() ?? "";

    private static JsonNode Gate(JsonNode state) => state["gates"]!.AsArray().First(one => one!["open"]!.GetValue<bool>())!;

    private static void AssertSucceeded(JsonNode closed, string what)
    {
        Assert.True(closed["outcome"]!.GetValue<string>() == "succeeded", $"{what}: {closed}");
        JsonNode clock = closed["clock"]!;
        double seconds = (clock["provenAt"]!.GetValue<DateTimeOffset>() - clock["triggeredAt"]!.GetValue<DateTimeOffset>()).TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: RTO {seconds:0} s");
    }

    private async Task<string> RecoverAsync(params string[] more) =>
        (await stage.Cli.JsonAsync(Token, ["run", "RB-DR-004", "--by", "alice", "--reason", "its state is wrong", .. more]))["workflowId"]!.GetValue<string>();

    /// <summary>Ends one of ours in order: what is broken next is broken on whole data.</summary>
    private async Task EndedAsync(string node)
    {
        await stage.Net.SignalAsync(node, "TERM", Token);
        await Eventually.TrueAsync(node + " has ended", TimeSpan.FromSeconds(30), async () => await stage.Net.HeightAsync(SevenStage.Slot(node), Token) is null, Token);
    }

    /// <summary>The height at which the chain stands: its newest block is older than a block of a chain that goes on may be (chain.maxBlockAge).</summary>
    private Task<string> StandsAsync() => Eventually.GetAsync<string>("the chain stands", Patience, async () =>
    {
        long tip = await TipAsync();
        DateTimeOffset made = Assert.Single(await stage.Net.TimesAsync(0, tip, tip, Token));
        return DateTimeOffset.UtcNow - made > Old ? Text(tip) : null;
    }, Token);

    /// <summary>Approves what a run asks with as many people as it wants, until it closes, or waits for the others.</summary>
    private async Task<(JsonNode State, IReadOnlyList<string> Gates)> ApprovedAsync(string run, string until = "closed")
    {
        var gates = new List<string>();
        JsonNode last = await Eventually.GetAsync($"{run} is {until}", Patience, async () =>
        {
            JsonNode state = await stage.Cli.StateAsync(run, Token);
            string phase = state["phase"]!.GetValue<string>();
            Assert.True(phase != "parked", $"{state}");
            if (phase == "awaitingApproval" && state["gates"]!.AsArray().Any(one => one!["open"]!.GetValue<bool>()))
            {
                JsonNode open = Gate(state);
                gates.Add(open["name"]!.GetValue<string>());
                foreach (string by in new[] { "bob", "carol" }.Take(open["required"]!.GetValue<int>()))
                {
                    await stage.Cli.TryAsync(Token, "approve", run, "--gate", gates[^1], "--digest", open["digest"]!.GetValue<string>(), "--by", by, "--yes");
                }
            }

            bool waits = state["steps"]!.AsArray().Any(step => step!["id"]!.GetValue<string>().EndsWith("await-others", StringComparison.Ordinal) && step["status"]!.GetValue<string>() is "running" or "done");
            return phase == "closed" || (until == "others" && waits) ? state : null;
        }, Token);
        return (last, gates);
    }

    /// <summary>Waits until a run asks at a gate; whatever it asks before is approved by one person.</summary>
    private Task<JsonNode> AsksAsync(string run, string gate) => Eventually.GetAsync($"{run} asks at {gate}", Patience, async () =>
    {
        JsonNode state = await stage.Cli.StateAsync(run, Token);
        Assert.True(state["phase"]!.GetValue<string>() is not ("parked" or "closed"), $"{state}");
        if (state["phase"]!.GetValue<string>() != "awaitingApproval" || !state["gates"]!.AsArray().Any(one => one!["open"]!.GetValue<bool>()))
        {
            return null;
        }

        JsonNode open = Gate(state);
        if (open["name"]!.GetValue<string>() == gate)
        {
            return state;
        }

        await stage.Cli.TryAsync(Token, "approve", run, "--gate", open["name"]!.GetValue<string>(), "--digest", open["digest"]!.GetValue<string>(), "--by", "bob", "--yes");
        return null;
    }, Token);

    private async Task<string> VersionAsync() =>
        (await stage.Net.AppInfoAsync(0, Token))["version"]?.GetValue<string>() is { Length: > 0 } version ? version : throw new InvalidOperationException("the application does not say its version");
}
