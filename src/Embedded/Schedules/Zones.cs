using Temporalio.Api.Schedule.V1;

namespace VirtEngine.DR.Embedded.Schedules;

/// <summary>Calendars in time zones.</summary>
internal static class Zones
{
    /// <summary>The first time after one (UTC). A local time that a clock change skips is passed over; one that comes twice counts once.</summary>
    public static DateTime? Next(StructuredCalendarSpec calendar, TimeZoneInfo zone, DateTime after)
    {
        var local = TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(after, DateTimeKind.Utc), zone);
        while (CalendarTimes.Next(calendar, local) is { } next)
        {
            local = next;
            if (zone.IsInvalidTime(next))
            {
                continue;
            }

            var utc = DateTime.SpecifyKind(next - (zone.IsAmbiguousTime(next) ? zone.GetAmbiguousTimeOffsets(next).Max() : zone.GetUtcOffset(next)), DateTimeKind.Utc);
            if (utc > after)
            {
                return utc;
            }
        }

        return null;
    }

    /// <summary>A zone by its name; Temporal's error when there is none.</summary>
    public static TimeZoneInfo Find(string name) => name.Length == 0 ? TimeZoneInfo.Utc
        : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : throw Host.Errors.Invalid($"Invalid schedule spec: unknown time zone {name}");
}
