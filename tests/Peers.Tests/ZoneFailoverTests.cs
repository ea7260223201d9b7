using System.Text.Json.Nodes;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>A zone of a real Kubernetes control plane goes dark: RB-DR-002 by the operator's program, and the way home by Temporal's own. The control worker is killed on the way.</summary>
public sealed class ZoneFailoverTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Zone_GoesDarkAndComesBack_TheRegionIsWholeWithoutItAndAllIsHomeAfterwards()
    {
        await using var stage = new ZoneStage();
        await stage.StartAsync(Token);
        (int lit, string plan) = await stage.Cli.TryAsync(Token, "run", "RB-DR-002", "--region", ZoneStage.Region, "--zone", ZoneStage.Lost, "--by", "alice", "--dry-run");
        Assert.True(lit == 0, plan);
        Assert.Contains("Cordon the machines", plan, StringComparison.Ordinal);
        Assert.Equal(0, await stage.CordonedAsync(Token));

        await stage.ZoneAsync("zone-down", Token);
        await Eventually.TrueAsync("one half is lost", TimeSpan.FromSeconds(60), async () => await stage.ReadyAsync("api-gateway", Token) == 1, Token);
        await StartAsync(stage, "RB-DR-002", "away", "");
        await stage.Cli.PhaseAsync("away", "awaitingApproval", Patience, Token);
        await stage.LoseControlAsync(Token);
        await ApproveAsync(stage, "away");
        JsonNode away = await stage.Cli.PhaseAsync("away", "closed", Patience, Token);

        Assert.True(away["outcome"]!.GetValue<string>() == "succeeded", $"{away}");
        Assert.Equal((3, 3, 3), (await stage.ReadyAsync("virtengine-fullnode", Token), await stage.ReadyAsync("api-gateway", Token), await stage.CordonedAsync(Token)));
        JsonNode clock = away["clock"]!;
        double seconds = (clock["provenAt"]!.GetValue<DateTimeOffset>() - clock["triggeredAt"]!.GetValue<DateTimeOffset>()).TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"zone dark: RTO {seconds:0} s, the approval and the kill of the control worker in it");

        await stage.ZoneAsync("zone-up", Token);
        await StartAsync(stage, "ZoneFailback", "home", ",\"settle\":\"00:00:05\"");
        await stage.Cli.PhaseAsync("home", "awaitingApproval", Patience, Token);
        await ApproveAsync(stage, "home");
        JsonNode home = await stage.Cli.PhaseAsync("home", "closed", Patience, Token);

        Assert.True(home["outcome"]!.GetValue<string>() == "succeeded", $"{home}");
        Assert.Equal((2, 2, 0), (await stage.WantedAsync("virtengine-fullnode", Token), await stage.WantedAsync("api-gateway", Token), await stage.CordonedAsync(Token)));
    }

    /// <summary>By Temporal's own program; the watch afterwards is not waited for.</summary>
    private static Task<string> StartAsync(ZoneStage stage, string type, string id, string more) => stage.Temporal.CliAsync(
        [
            "workflow", "start", "--type", type, "--task-queue", "dr-control", "--workflow-id", id,
            "--input", $$"""{"region":"{{ZoneStage.Region}}","zone":"{{ZoneStage.Lost}}","watch":"00:00:00","operator":"alice"{{more}}}""",
        ],
        Token);

    /// <summary>Until it is taken: a control worker that was just started first replays what is open.</summary>
    private static Task ApproveAsync(ZoneStage stage, string run) => Eventually.TrueAsync(
        $"{run} is approved", Patience, async () => (await stage.Cli.TryAsync(Token, "approve", run, "--by", "bob", "--yes")).Code == 0, Token);
}
