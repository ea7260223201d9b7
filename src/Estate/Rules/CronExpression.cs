using System.Globalization;

namespace VirtEngine.DR.Estates.Rules;

/// <summary>
/// A cron expression of five fields in UTC, as Temporal's schedules read it: lists, ranges, steps and English names; no seconds, no years.
/// </summary>
internal sealed class CronExpression
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private static readonly (string Name, int Min, int Max, string[] Words)[] Fields =
    [
        ("minute", 0, 59, []), ("hour", 0, 23, []), ("day of month", 1, 31, []), ("month", 1, 12, Months), ("day of week", 0, 6, Days),
    ];

    private readonly bool[][] allowed;

    private CronExpression(bool[][] allowed, TimeSpan shortest)
    {
        this.allowed = allowed;
        ShortestInterval = shortest;
    }

    /// <summary>The shortest time between two runs.</summary>
    public TimeSpan ShortestInterval { get; }

    public static bool TryParse(string text, out CronExpression cron, out string error)
    {
        cron = null!;
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length != Fields.Length)
        {
            error = string.Create(CultureInfo.InvariantCulture, $"it has {parts.Length} fields, not five.");
            return false;
        }

        var allowed = new bool[Fields.Length][];
        for (var i = 0; i < Fields.Length; i++)
        {
            allowed[i] = new bool[Fields[i].Max + 1];
            if (Field(parts[i], Fields[i], allowed[i]) is { } wrong)
            {
                error = wrong;
                return false;
            }
        }

        // Traditional cron runs when either day fits, Temporal when both do: an expression must not depend on who reads it.
        if (parts[2] is not "*" && parts[4] is not "*")
        {
            error = "day of month and day of week cannot both be restricted.";
            return false;
        }

        if (Shortest(allowed) is not { } shortest)
        {
            error = "it never runs.";
            return false;
        }

        error = "";
        cron = new CronExpression(allowed, shortest);
        return true;
    }

    /// <summary>Would it run in this minute?</summary>
    public bool Matches(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        return allowed[0][utc.Minute] && allowed[1][utc.Hour] && OnDay(allowed, utc);
    }

    private static string? Field(string text, (string Name, int Min, int Max, string[] Words) field, bool[] allowed)
    {
        foreach (var item in text.Split(','))
        {
            var slash = item.Split('/');
            var range = slash[0].Split('-');
            var step = 1;
            if (slash.Length > 2 || range.Length > 2 || (slash.Length == 2 && (!Number(slash[1], out step) || step < 1 || step > field.Max)))
            {
                return $"'{item}' is not a {field.Name}.";
            }

            int from, to;
            if (slash[0] == "*")
            {
                (from, to) = (field.Min, field.Max);
            }
            else if (!Value(range[0], field, out from) || !Value(range[^1], field, out to))
            {
                return $"'{item}' is not a {field.Name} from {field.Min} to {field.Max}.";
            }
            else if (range.Length == 1 && slash.Length == 2)
            {
                to = field.Max;
            }

            if (from > to)
            {
                return $"'{item}' runs backwards.";
            }

            for (var value = from; value <= to; value += step)
            {
                allowed[value] = true;
            }
        }

        return null;
    }

    private static bool Value(string text, (string Name, int Min, int Max, string[] Words) field, out int value)
    {
        var word = Array.FindIndex(field.Words, w => w.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (word >= 0)
        {
            value = word + field.Min;
            return true;
        }

        return Number(text, out value) && value >= field.Min && value <= field.Max;
    }

    private static bool Number(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool OnDay(bool[][] allowed, DateTime day) => allowed[2][day.Day] && allowed[3][day.Month] && allowed[4][(int)day.DayOfWeek];

    /// <summary>Walks over 28 years, after which weekdays and leap years repeat; null when no day fits.</summary>
    private static TimeSpan? Shortest(bool[][] allowed)
    {
        var minutes = Enumerable.Range(0, 24 * 60).Where(m => allowed[0][m % 60] && allowed[1][m / 60]).ToList();
        var shortest = minutes.Zip(minutes.Skip(1), (a, b) => b - a).DefaultIfEmpty(int.MaxValue).Min();
        DateTime? last = null;
        var start = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var day = start; day < start.AddYears(28); day = day.AddDays(1))
        {
            if (!OnDay(allowed, day))
            {
                continue;
            }

            if (last is { } before)
            {
                shortest = Math.Min(shortest, ((int)(day - before).TotalDays * 24 * 60) + minutes[0] - minutes[^1]);
            }

            last = day;
        }

        return last is null ? null : TimeSpan.FromMinutes(shortest);
    }
}
