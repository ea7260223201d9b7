using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Workflows.Runbooks;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Runbooks;

/// <summary>Exactly two thirds is a halt, and big numbers don't overflow.</summary>
public sealed class VotingPowerTests
{
    [Theory]
    [InlineData(2, 3, false)]
    [InlineData(3, 4, true)]
    [InlineData(8, 12, false)]
    [InlineData(9, 12, true)]
    [InlineData(0, 1, false)]
    [InlineData(long.MaxValue / 3 * 2, long.MaxValue, false)]
    [InlineData(long.MaxValue - 1, long.MaxValue, true)]
    public void GoesOn_StrictlyMoreThanTwoThirds_Only(long signing, long total, bool goesOn) => Assert.Equal(goesOn, VotingPower.GoesOn(signing, total));

    [Theory]
    [InlineData(100, 100, 33)]
    [InlineData(67, 100, 0)]
    [InlineData(66, 100, -1)]
    [InlineData(12, 12, 3)]
    public void Spare_IsWhatMayGo_AndOneMoreHalts(long signing, long total, long spare)
    {
        Assert.Equal(spare, VotingPower.Spare(Report(signing, total)));
        Assert.True(spare < 0 || VotingPower.GoesOn(signing - spare, total));
        Assert.False(VotingPower.GoesOn(signing - spare - 1, total));
    }

    [Fact]
    public void ToJail_VirtEnginesWindow_IsAboutFortyHours() =>
        Assert.Equal(39.6, VotingPower.ToJail(Report(100, 100), TimeSpan.FromSeconds(5))!.Value.TotalHours, 1);

    [Fact]
    public void Describe_NobodyAnswered_SaysSoAndCountsNothing() =>
        Assert.Equal("unknown: a: silent", VotingPower.Describe(new(DateTimeOffset.UnixEpoch, null, 0, 0, [], null, ["a: silent"]), TimeSpan.FromSeconds(5)));

    private static PowerReport Report(long signing, long total) =>
        new(DateTimeOffset.UnixEpoch, 7, total, signing, [], new(30_000, 28_500, TimeSpan.FromMinutes(1)), []);
}
