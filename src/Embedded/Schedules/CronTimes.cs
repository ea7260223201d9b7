namespace VirtEngine.DR.Embedded.Schedules;

/// <summary>The times of a workflow's own cron expression.</summary>
internal static class CronTimes
{
    /// <summary>Throws Temporal's error for an expression that cannot be read.</summary>
    public static void Check(string cron) => _ = Calendars.FromCron(cron);

    /// <summary>The first time after now; an interval counts from <paramref name="from"/>. Null when there is none.</summary>
    public static DateTime? Next(string cron, DateTime from, DateTime now)
    {
        var (calendar, interval, zoneName) = Calendars.FromCron(cron);
        if (interval is { } every)
        {
            var span = every.Interval.ToTimeSpan();
            long times = now <= from ? 1 : ((now - from).Ticks / span.Ticks) + 1;
            return from + (span * times);
        }

        var zone = zoneName is null ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        return Zones.Next(calendar!, zone, now);
    }
}
