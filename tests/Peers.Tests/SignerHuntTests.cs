using System.Globalization;
using VirtEngine.DR.Peers.Tests.Harness;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Peers.Tests;

/// <summary>
/// The two-signer hunt on a real chain, and its control. <c>VIRTENGINE_HUNT=20</c> plays so many seeds, <c>VIRTENGINE_HUNT_FROM=6</c> from that one on, <c>VIRTENGINE_HUNT_SEED=7</c> one alone:
/// <c>VIRTENGINE_HUNT=20 dotnet test --project tests/Peers.Tests --filter-class '*SignerHunt*'</c>.
/// </summary>
public sealed class SignerHuntTests
{
    private const int SeedsInCi = 3;
    private const int ControlSeeds = 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hunt_MovesUnderFire_NobodySignsTwice()
    {
        int? one = Number("VIRTENGINE_HUNT_SEED");
        IEnumerable<int> seeds = one is { } seed ? [seed] : Enumerable.Range(Number("VIRTENGINE_HUNT_FROM") ?? 1, Number("VIRTENGINE_HUNT") ?? SeedsInCi);
        await using var stage = new HuntStage();
        await stage.StartAsync(Token);
        await stage.RememberPowersAsync(Token);
        string signs = SignerStage.Node;
        foreach (int next in seeds)
        {
            signs = await new Hunt(stage, next, granted: false, Say).PlayAsync(signs, Token);
            string again = $"seed {next} (VIRTENGINE_HUNT_SEED={next} plays it alone): ";
            Assert.Equal(again, again + string.Join('\n', await stage.TwoSignersAsync(Token)));
            Assert.Equal(again, again + string.Join('\n', await stage.StandingAlarmsAsync(Token)));
            Assert.Equal(again, again + string.Join('\n', await stage.PunishedAsync(Token)));
            await Eventually.TrueAsync(again + "all validators sign", TimeSpan.FromMinutes(1), () => stage.AllSignAsync(Token), Token);
        }
    }

    [Fact]
    public async Task Hunt_WithAGateThatAlwaysGrants_FindsTwoSigners()
    {
        await using var stage = new HuntStage();
        await stage.StartAsync(Token);
        string signs = SignerStage.Node;
        for (int seed = 1; seed <= ControlSeeds && (await stage.TwoSignersAsync(Token)).Count == 0; seed++)
        {
            signs = await new Hunt(stage, seed, granted: true, Say).PlayAsync(signs, Token);
        }

        IReadOnlyList<string> found = await stage.TwoSignersAsync(Token);
        found.ToList().ForEach(Say);
        Assert.NotEmpty(found);
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static void Say(string text) => TestContext.Current.TestOutputHelper?.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {text}");
}
