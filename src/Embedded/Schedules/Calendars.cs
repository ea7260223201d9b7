using Temporalio.Api.Schedule.V1;
using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded.Schedules;

/// <summary>Calendars from words: cron lines and calendar fields become ranges.</summary>
internal static class Calendars
{
    /// <summary>Reads a cron line ("minute hour day month weekday", with seconds and year where there are more fields, or "@daily"), with its zone if it names one.</summary>
    public static (StructuredCalendarSpec? Calendar, IntervalSpec? Interval, string? Zone) FromCron(string line)
    {
        string text = line.Trim();
        string? zone = null;
        if (text.StartsWith("CRON_TZ=", StringComparison.Ordinal) || text.StartsWith("TZ=", StringComparison.Ordinal))
        {
            int space = text.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0)
            {
                throw Errors.Invalid($"Invalid schedule spec: \"{line}\" is no cron expression");
            }

            zone = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..space];
            text = text[space..].Trim();
        }

        string comment = "";
        int hash = text.IndexOf('#', StringComparison.Ordinal);
        if (hash >= 0)
        {
            comment = text[(hash + 1)..].Trim();
            text = text[..hash].Trim();
        }

        if (text.StartsWith("@every ", StringComparison.Ordinal))
        {
            return (null, Interval(text["@every ".Length..]), zone);
        }

        text = text switch
        {
            "@yearly" or "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" or "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            _ => text,
        };
        string[] fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var words = fields.Length switch
        {
            5 => new CalendarSpec { Second = "0", Minute = fields[0], Hour = fields[1], DayOfMonth = fields[2], Month = fields[3], DayOfWeek = fields[4] },
            6 => new CalendarSpec { Second = "0", Minute = fields[0], Hour = fields[1], DayOfMonth = fields[2], Month = fields[3], DayOfWeek = fields[4], Year = fields[5] },
            7 => new CalendarSpec
            {
                Second = fields[0],
                Minute = fields[1],
                Hour = fields[2],
                DayOfMonth = fields[3],
                Month = fields[4],
                DayOfWeek = fields[5],
                Year = fields[6],
            },
            _ => throw Errors.Invalid($"Invalid schedule spec: \"{line}\" is no cron expression: 5 to 7 fields are needed"),
        };
        words.Comment = comment;
        return (FromWords(words), null, zone);
    }

    /// <summary>Turns calendar words into ranges.</summary>
    public static StructuredCalendarSpec FromWords(CalendarSpec words)
    {
        var spec = new StructuredCalendarSpec { Comment = words.Comment };
        spec.Second.Add(CronField.Parse(Or(words.Second, "0"), 0, 59, "second"));
        spec.Minute.Add(CronField.Parse(Or(words.Minute, "0"), 0, 59, "minute"));
        spec.Hour.Add(CronField.Parse(Or(words.Hour, "0"), 0, 23, "hour"));
        spec.DayOfMonth.Add(CronField.Parse(Or(words.DayOfMonth, "*"), 1, 31, "day of month"));
        spec.Month.Add(CronField.Parse(Or(words.Month, "*"), 1, 12, "month"));
        spec.DayOfWeek.Add(CronField.Parse(Or(words.DayOfWeek, "*"), 0, 6, "day of week"));
        if (words.Year.Length > 0 && words.Year != "*")
        {
            spec.Year.Add(CronField.Parse(words.Year, 2000, 2100, "year"));
        }

        return spec;
    }

    private static IntervalSpec Interval(string text)
    {
        string[] parts = text.Trim().Split('/');
        return new IntervalSpec { Interval = Span(parts[0]).Wire(), Phase = parts.Length > 1 ? Span(parts[1]).Wire() : null };
    }

    private static TimeSpan Span(string text)
    {
        double seconds = 0;
        string number = "";
        foreach (char c in text.Trim())
        {
            if (char.IsAsciiDigit(c) || c == '.')
            {
                number += c;
                continue;
            }

            double unit = c switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
            if (unit == 0 || !double.TryParse(number, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double value))
            {
                throw Errors.Invalid($"Invalid schedule spec: \"{text}\" is no interval");
            }

            seconds += unit * value;
            number = "";
        }

        return number.Length == 0 && seconds >= 1 ? TimeSpan.FromSeconds(seconds) : throw Errors.Invalid($"Invalid schedule spec: \"{text}\" is no interval");
    }

    private static string Or(string text, string otherwise) => text.Length > 0 ? text : otherwise;
}
