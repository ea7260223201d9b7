using System.Security.Cryptography;
using System.Text;
using Temporalio.Api.Schedule.V1;
using VirtEngine.DR.Embedded.Host;

using ScheduleState = VirtEngine.DR.Embedded.Schedules.ScheduleState;

namespace VirtEngine.DR.Embedded.Schedules;

/// <summary>A schedule's times: calendars and intervals together, less what is excluded, with jitter.</summary>
internal static class SpecTimes
{
    private const int MostExcluded = 10_000;

    /// <summary>Brings a spec into canonical form, or throws with what cannot be read.</summary>
    public static ScheduleSpec Canonical(ScheduleSpec? given)
    {
        var spec = given?.Clone() ?? new ScheduleSpec();
        foreach (string line in spec.CronString)
        {
            var (calendar, interval, zone) = Calendars.FromCron(line);
            if (calendar is not null)
            {
                spec.StructuredCalendar.Add(calendar);
            }

            if (interval is not null)
            {
                spec.Interval.Add(interval);
            }

            if (zone is not null)
            {
                if (spec.TimezoneName.Length > 0 && spec.TimezoneName != zone)
                {
                    throw Errors.Invalid("Invalid schedule spec: conflicting time zones");
                }

                spec.TimezoneName = zone;
            }
        }

        spec.CronString.Clear();
        spec.StructuredCalendar.Add(spec.Calendar.Select(Calendars.FromWords));
        spec.Calendar.Clear();
        spec.ExcludeStructuredCalendar.Add(spec.ExcludeCalendar.Select(Calendars.FromWords));
        spec.ExcludeCalendar.Clear();
        foreach (var interval in spec.Interval)
        {
            if (interval.Interval.Span() < TimeSpan.FromSeconds(1))
            {
                throw Errors.Invalid("Invalid schedule spec: interval is too small");
            }
        }

        _ = Zones.Find(spec.TimezoneName);
        return spec;
    }

    /// <summary>The first nominal time after one, and when it is acted upon (jitter); null when there is none.</summary>
    public static (DateTime Nominal, DateTime Actual)? Next(ScheduleState schedule, DateTime after)
    {
        var spec = schedule.Schedule.Spec;
        if (spec.StartTime is { } start && after < start.ToDateTime())
        {
            after = start.ToDateTime().AddTicks(-1);
        }

        var zone = Zones.Find(spec.TimezoneName);
        for (int i = 0; i < MostExcluded; i++)
        {
            if (Raw(spec, zone, after) is not { } nominal || (spec.EndTime is { } end && nominal > end.ToDateTime()))
            {
                return null;
            }

            var local = TimeZoneInfo.ConvertTimeFromUtc(nominal, zone);
            if (!spec.ExcludeStructuredCalendar.Any(c => CalendarTimes.Matches(c, local)))
            {
                return (nominal, nominal + Jitter(schedule, spec, zone, nominal));
            }

            after = nominal;
        }

        return null;
    }

    private static DateTime? Raw(ScheduleSpec spec, TimeZoneInfo zone, DateTime after)
    {
        DateTime? next = null;
        foreach (var calendar in spec.StructuredCalendar)
        {
            next = Times.Earlier(next, Zones.Next(calendar, zone, after));
        }

        foreach (var interval in spec.Interval)
        {
            long every = interval.Interval.Span().Ticks;
            long phase = interval.Phase.Span().Ticks;
            long since = after.Ticks - DateTime.UnixEpoch.Ticks - phase;
            long times = (long)Math.Floor((double)since / every);
            while ((times * every) <= since)
            {
                times++;
            }

            next = Times.Earlier(next, new DateTime(DateTime.UnixEpoch.Ticks + phase + (times * every), DateTimeKind.Utc));
        }

        return next;
    }

    /// <summary>The same for the same schedule and time, and never so long that the next time is reached.</summary>
    private static TimeSpan Jitter(ScheduleState schedule, ScheduleSpec spec, TimeZoneInfo zone, DateTime nominal)
    {
        var most = spec.Jitter.Span();
        if (most <= TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        if (Raw(spec, zone, nominal) is { } following && following - nominal < most)
        {
            most = following - nominal;
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{schedule.Namespace}/{schedule.Id}/{nominal.Ticks}")));
        double share = BitConverter.ToUInt32(hash) / (double)uint.MaxValue;
        return TimeSpan.FromMilliseconds(Math.Floor(most.TotalMilliseconds * share));
    }
}
