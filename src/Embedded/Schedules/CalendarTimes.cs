using Temporalio.Api.Schedule.V1;
using Range = Temporalio.Api.Schedule.V1.Range;

namespace VirtEngine.DR.Embedded.Schedules;

/// <summary>When a calendar says yes.</summary>
internal static class CalendarTimes
{
    private const int YearsToSearch = 40;

    /// <summary>The first time strictly after one, in the calendar's own clock (no zone); null when there is none for decades.</summary>
    public static DateTime? Next(StructuredCalendarSpec spec, DateTime after)
    {
        var t = new DateTime(after.Year, after.Month, after.Day, after.Hour, after.Minute, after.Second).AddSeconds(1);
        int lastYear = Math.Min(after.Year + YearsToSearch, 9998);
        while (t.Year <= lastYear)
        {
            if (!Has(spec.Year, t.Year, anyWhenEmpty: true))
            {
                t = new DateTime(t.Year + 1, 1, 1);
            }
            else if (!Has(spec.Month, t.Month, anyWhenEmpty: true))
            {
                t = new DateTime(t.Year, t.Month, 1).AddMonths(1);
            }
            else if (!Has(spec.DayOfMonth, t.Day, anyWhenEmpty: true) || !Has(spec.DayOfWeek, (int)t.DayOfWeek, anyWhenEmpty: true))
            {
                t = t.Date.AddDays(1);
            }
            else if (!Has(spec.Hour, t.Hour, anyWhenEmpty: false))
            {
                t = t.Date.AddHours(t.Hour + 1);
            }
            else if (!Has(spec.Minute, t.Minute, anyWhenEmpty: false))
            {
                t = t.Date.AddHours(t.Hour).AddMinutes(t.Minute + 1);
            }
            else if (!Has(spec.Second, t.Second, anyWhenEmpty: false))
            {
                t = t.AddSeconds(1);
            }
            else
            {
                return t;
            }
        }

        return null;
    }

    /// <summary>Whether a time is one of the calendar's.</summary>
    public static bool Matches(StructuredCalendarSpec spec, DateTime t) =>
        Has(spec.Year, t.Year, anyWhenEmpty: true) && Has(spec.Month, t.Month, anyWhenEmpty: true) && Has(spec.DayOfMonth, t.Day, anyWhenEmpty: true)
        && Has(spec.DayOfWeek, (int)t.DayOfWeek, anyWhenEmpty: true) && Has(spec.Hour, t.Hour, anyWhenEmpty: false)
        && Has(spec.Minute, t.Minute, anyWhenEmpty: false) && Has(spec.Second, t.Second, anyWhenEmpty: false);

    private static bool Has(Google.Protobuf.Collections.RepeatedField<Range> ranges, int value, bool anyWhenEmpty)
    {
        if (ranges.Count == 0)
        {
            return anyWhenEmpty || value == 0;
        }

        foreach (var range in ranges)
        {
            int end = Math.Max(range.End, range.Start);
            int step = Math.Max(range.Step, 1);
            if (value >= range.Start && value <= end && (value - range.Start) % step == 0)
            {
                return true;
            }
        }

        return false;
    }
}
