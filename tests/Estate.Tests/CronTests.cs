using VirtEngine.DR.Estates.Rules;
using Xunit;

namespace VirtEngine.DR.Estates.Tests;

public sealed class CronTests
{
    [Theory]
    [InlineData("0 */4 * * *", 240)]
    [InlineData("30 */4 * * *", 240)]
    [InlineData("0 * * * *", 60)]
    [InlineData("*/5 * * * *", 5)]
    [InlineData("0,10 3 * * *", 10)]
    [InlineData("0 2 * * *", 24 * 60)]
    [InlineData("0 0,23 * * *", 60)]
    [InlineData("0 0 * * MON", 7 * 24 * 60)]
    [InlineData("0 0 * * 1-5", 24 * 60)]
    [InlineData("0 0 1 * *", 28 * 24 * 60)]
    [InlineData("0 0 29 2 *", 1461 * 24 * 60)]
    [InlineData("0 5/6 * * *", 6 * 60)]
    public void TryParse_Valid_FindsTheShortestInterval(string text, int minutes)
    {
        Assert.True(CronExpression.TryParse(text, out var cron, out var error), error);
        Assert.Equal(TimeSpan.FromMinutes(minutes), cron.ShortestInterval);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@daily")]
    [InlineData("* * * * * *")]
    [InlineData("60 * * * *")]
    [InlineData("5-1 * * * *")]
    [InlineData("*/0 * * * *")]
    [InlineData("1/2/3 * * * *")]
    [InlineData("a * * * *")]
    [InlineData("0 0 * * 7")]
    [InlineData("0 0 0 * *")]
    [InlineData("-1 * * * *")]
    [InlineData("0 0 30 2 *")]
    public void TryParse_Invalid_SaysWhy(string text)
    {
        Assert.False(CronExpression.TryParse(text, out _, out var error));
        Assert.EndsWith(".", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("30 */4 * * *", "2026-01-30T04:30:00Z", true)]
    [InlineData("30 */4 * * *", "2026-01-30T05:30:00Z", false)]
    [InlineData("0 0 * JAN fri", "2026-01-30T00:00:00Z", true)]
    [InlineData("0 0 * * *", "2026-01-30T01:00:00+01:00", true)]
    public void Matches_Time_IsReadInUtc(string text, string time, bool matches)
    {
        Assert.True(CronExpression.TryParse(text, out var cron, out _));
        Assert.Equal(matches, cron.Matches(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));
    }
}
