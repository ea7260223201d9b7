using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Workflows.Runbooks;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Runbooks;

/// <summary>The recovery point is what two regions hold, with equal hashes; what is not known never meets the objective.</summary>
public sealed class RecoveryPointTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Of_TwoRegionsAtTheTip_LosesNothing()
    {
        var point = Of(100, Node("a", "east", 100), Node("b", "west", 100), Node("c", "south", 80, 80));

        Assert.Equal((100, 0, true), (point.Held, point.Blocks, point.Meets(TimeSpan.Zero)));
        Assert.Equal(["east", "west"], point.Regions);
    }

    [Fact]
    public void Of_OneRegionAhead_LosesWhatOnlyItHas()
    {
        var point = Of(100, Node("a", "east", 100, 97, 100), Node("b", "east", 100, 97, 100), Node("c", "west", 97, 97));

        Assert.Equal((97, 3), (point.Held, point.Blocks));
        Assert.Equal(TimeSpan.FromSeconds(15), point.Time);
        Assert.False(point.Meets(TimeSpan.Zero));
        Assert.True(point.Meets(TimeSpan.FromSeconds(15)));
        Assert.Contains("3 blocks (15 s): east and west hold everything up to 97, the tip is 100; objective 0 s: MISSED", point.Describe(TimeSpan.Zero), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OneRegionOnly_HoldsNothingTwice()
    {
        var point = Of(100, Node("a", "east", 100), Node("b", "east", 100));

        Assert.Null(point.Held);
        Assert.False(point.Meets(TimeSpan.FromDays(1)));
        Assert.Contains("depends on one region", point.Describe(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NodesThatSyncOrDoNotAnswer_DoNotCount()
    {
        var syncing = Node("b", "west", 100) with { Synced = false };
        var silent = Node("c", "south", 100) with { Problem = "does not answer" };

        Assert.Null(Of(100, Node("a", "east", 100), syncing, silent).Held);
    }

    [Fact]
    public void Of_AnotherHashAtTheTip_IsAContradictionAndNeverMeetsAnObjective()
    {
        var liar = new Holding("a", "east", 100, true, [new(100, "BB", Start), new(90, "BB", Start)], null);
        var point = Of(100, liar, Node("b", "west", 100, 90, 100), Node("c", "south", 90, 90));

        Assert.Equal(90, point.Held);
        Assert.Equal(["south", "west"], point.Regions);
        Assert.Equal(2, point.Contradictions.Count);
        Assert.False(point.Meets(TimeSpan.FromDays(1)));
        Assert.Contains("RB-DR-004", point.Describe(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TwoCampsOfTwoRegions_DecidesForNeither()
    {
        Holding Other(string name, string region) => new(name, region, 100, true, [new(100, "BB", Start)], null);

        Assert.Null(Of(100, Node("a", "r1", 100), Node("b", "r2", 100), Other("c", "r3"), Other("d", "r4")).Held);
    }

    [Fact]
    public void Of_NobodyAnswers_IsUnknown()
    {
        var point = RecoveryPoint.Of(new(Start, null, null, []));

        Assert.False(point.Meets(TimeSpan.FromDays(1)));
        Assert.StartsWith("unknown", point.Describe(null), StringComparison.Ordinal);
    }

    private static RecoveryPoint Of(long tip, params Holding[] nodes) => RecoveryPoint.Of(new(Start, tip, TimeOf(tip), nodes));

    private static Holding Node(string name, string region, long height, params long[] blocks) =>
        new(name, region, height, true, [.. (blocks.Length == 0 ? [height] : blocks).Select(at => new HeldBlock(at, "AA" + at, TimeOf(at)))], null);

    private static DateTimeOffset TimeOf(long height) => Start + (TimeSpan.FromSeconds(5) * height);
}
