using VirtEngine.DR.Backups.Retention;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Retention;

public sealed class RetentionLockTests
{
    private static readonly DateTimeOffset Host = new(2026, 11, 1, 10, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Until_ByTheBucketsClock_EvenWhereItIsBehind()
    {
        Assert.Equal(Host.AddHours(-5).AddHours(1), RetentionLock.Until(TimeSpan.FromHours(1), Host.AddHours(-5), Host));
        Assert.Equal(Host.AddMinutes(5).AddHours(1), RetentionLock.Until(TimeSpan.FromHours(1), Host.AddMinutes(5), Host));
    }

    [Fact]
    public void Until_BucketsClockFarAhead_IsCapped() =>
        Assert.Equal(Host.AddMinutes(10).AddHours(1), RetentionLock.Until(TimeSpan.FromHours(1), Host.AddYears(70), Host));

    [Fact]
    public void Until_LongPeriod_EndsAtMidnightSoThatADaysBackupsShareIt()
    {
        var first = RetentionLock.Until(TimeSpan.FromDays(30), Host, Host);

        Assert.Equal(new DateTimeOffset(2026, 12, 2, 0, 0, 0, TimeSpan.Zero), first);
        Assert.Equal(first, RetentionLock.Until(TimeSpan.FromDays(30), Host.AddHours(4), Host.AddHours(4)));
        Assert.True(first - Host >= TimeSpan.FromDays(30));
    }
}
