using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Workflows.Corruption;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Corruption;

/// <summary>States are compared at equal heights, and most of those who have a height say what is right there.</summary>
public sealed class StateAgreementTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 30, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_OthersAreABlockAhead_ComparesWithTheirHeaderOfTheNextHeight()
    {
        var seen = Seen([Node("a", 101, "HASH100")], (101, "a", "HASH100", "B101"));

        Assert.Equal(Agreement.Agrees, StateAgreement.Of(seen, "me", new(100, "HASH100")).Verdict);
        var wrong = StateAgreement.Of(seen, "me", new(100, "OTHER"));
        Assert.Equal((Agreement.StateDiffers, 99), (wrong.Verdict, wrong.LastGood));
    }

    [Fact]
    public void Of_NobodyHasTheNextHeight_ComparesWithApplicationsAtTheSameHeightOnly()
    {
        var same = Seen([Node("a", 100, "X")]);
        var apart = Seen([Node("a", 99, "Y")]);

        Assert.Equal(Agreement.StateDiffers, StateAgreement.Of(same, "me", new(100, "Z")).Verdict);
        Assert.Equal(Agreement.Unknown, StateAgreement.Of(apart, "me", new(100, "Z")).Verdict);
    }

    [Fact]
    public void Of_TwoOfThreeAgree_TheyAreRight()
    {
        var seen = Seen([Node("a", 101, "G"), Node("b", 101, "G"), Node("c", 101, "L")], (101, "a", "G", "B"), (101, "b", "G", "B"), (101, "c", "L", "B"));

        Assert.Equal(Agreement.Agrees, StateAgreement.Of(seen, "me", new(100, "G")).Verdict);
    }

    [Fact]
    public void Of_OneAgainstOne_NobodyIsBelieved()
    {
        var seen = Seen([Node("a", 101, "G"), Node("b", 101, "L")], (101, "a", "G", "B"), (101, "b", "L", "B"));

        Assert.Equal(Agreement.Unknown, StateAgreement.Of(seen, "me", new(100, "G")).Verdict);
        Assert.Equal([101L], new ChainView(seen, "me").Splits());
    }

    [Fact]
    public void Of_OneNodeUnderTwoNames_CountsOnce()
    {
        var seen = Seen([Node("a", 101, "L", "twin"), Node("b", 101, "L", "twin"), Node("c", 101, "G")], (101, "a", "L", "B"), (101, "b", "L", "B"), (101, "c", "G", "B"));

        Assert.Equal(Agreement.Unknown, StateAgreement.Of(seen, "me", new(100, "G")).Verdict);
    }

    [Fact]
    public void Of_ItsOwnNameAmongTheReferences_DoesNotWitnessForIt()
    {
        var seen = Seen([Node("me", 100, "BAD", "self"), Node("also-me", 100, "BAD", "self")]);

        Assert.Equal(Agreement.Unknown, StateAgreement.Of(seen, "me", new(100, "BAD")).Verdict);
    }

    [Fact]
    public void Of_BlocksPart_TheLastCommonHeightIsGood()
    {
        var seen = Seen(
            [Node("me", 100, "X", "self"), Node("a", 100, "Y"), Node("b", 100, "Y")],
            (97, "me", "S", "B97"), (97, "a", "S", "B97"), (97, "b", "S", "B97"), (98, "me", "S", "F98"), (98, "a", "S", "B98"), (98, "b", "S", "B98"), (100, "me", "S", "F100"), (100, "a", "S", "B100"), (100, "b", "S", "B100"));

        var state = StateAgreement.Of(seen, "me", new(100, "X"));

        Assert.Equal((Agreement.BlocksDiffer, 100, 97), (state.Verdict, state.Height, state.LastGood));
    }

    [Fact]
    public void Of_StateThatNobodyCouldRead_IsUnknownAndNotZero()
    {
        var state = StateAgreement.Of(Seen([Node("a", 101, "G")], (101, "a", "G", "B")), "me", null);

        Assert.Equal((Agreement.Unknown, null, null), (state.Verdict, state.Height, state.LastGood));
    }

    [Fact]
    public void Advances_NobodyAnswers_IsNotKnown()
    {
        Assert.Null(new ChainView(Seen([new("a", "silent", "", 0, null, 0, 0, "", "")]), "me").Advances(TimeSpan.FromMinutes(1)));
        Assert.True(new ChainView(Seen([Node("a", 1, "G")]), "me").Advances(TimeSpan.FromMinutes(1)));
        Assert.False(new ChainView(Seen([Node("a", 1, "G") with { BlockTime = Now - TimeSpan.FromHours(1) }]), "me").Advances(TimeSpan.FromMinutes(1)));
    }

    internal static NodeSight Node(string name, long height, string appHash, string? id = null) => new(name, null, id ?? "id-" + name, height, Now, 1, height, appHash, "v1");

    internal static StateComparison Seen(NodeSight[] nodes, params (long Height, string Node, string AppHash, string Hash)[] blocks) =>
        new(Now, nodes, [.. blocks.GroupBy(block => block.Height).OrderBy(group => group.Key).Select(group => new HeightSight(group.Key, [.. group.Select(block => new BlockSight(block.Node, block.AppHash, block.Hash))]))]);
}
