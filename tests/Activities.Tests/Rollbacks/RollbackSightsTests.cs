using VirtEngine.DR.Activities.Nodes.Rollbacks;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Tests.Rollbacks;

/// <summary>Where the stores are, by themselves, at every place where a rollback can be cut off.</summary>
public sealed class RollbackSightsTests
{
    [Theory]
    [InlineData(9, 9, 9, false, "Before")]
    [InlineData(9, 8, 9, false, "Before")] // state moved, application not: again undoes this height only
    [InlineData(9, 8, 8, false, "Done")]
    [InlineData(9, 9, 9, true, "Before")]
    [InlineData(9, 8, 9, true, "Before")] // state moved, block not dropped
    [InlineData(9, 8, 8, true, "Before")] // a plain one came before: the block is pending
    [InlineData(8, 8, 9, true, "Torn")] // state and block moved, application not: again would undo a second height
    [InlineData(8, 8, 8, true, "Done")]
    [InlineData(8, 8, 8, false, "Elsewhere")]
    [InlineData(10, 9, 9, false, "Elsewhere")]
    [InlineData(10, 10, 10, true, "Elsewhere")]
    [InlineData(9, 7, 7, false, "Elsewhere")]
    [InlineData(7, 7, 7, true, "Elsewhere")]
    public void Of_Heights_IsWhatARollbackFromNineLooksLike(long blocks, long state, long application, bool hard, string expected) =>
        Assert.Equal(expected, RollbackSights.Of(Stores(blocks, state, application), 9, hard).ToString());

    [Theory]
    [InlineData(null, 8L, 8L)]
    [InlineData(9L, null, 8L)]
    [InlineData(9L, 8L, null)]
    public void Of_OneStoreUnknown_IsUnknown(long? blocks, long? state, long? application)
    {
        Assert.Equal(RollbackSight.Unknown, RollbackSights.Of(Stores(blocks, state, application), 9, false));
        Assert.Equal(RollbackSight.Unknown, RollbackSights.Of(Stores(blocks, state, application), 9, true));
    }

    private static NodeStores Stores(long? blocks, long? state, long? application) => new()
    {
        At = DateTimeOffset.UnixEpoch,
        Blocks = One(blocks),
        State = One(state),
        Application = One(application),
    };

    private static StoreHeight One(long? height) => new(height, height is null ? "torn" : null);
}
