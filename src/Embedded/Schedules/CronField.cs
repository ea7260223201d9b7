using System.Globalization;
using Temporalio.Api.Schedule.V1;
using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded.Schedules;

/// <summary>One field of a calendar in words: "*", "1-5", "*/15", "MON,WED", "L" is not known.</summary>
internal static class CronField
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>The ranges of a field; empty for "*" (any). Throws Temporal's error for what cannot be read.</summary>
    public static IEnumerable<Temporalio.Api.Schedule.V1.Range> Parse(string text, int low, int high, string what)
    {
        var ranges = new List<Temporalio.Api.Schedule.V1.Range>();
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] stepped = part.Split('/');
            int step = 1;
            if (stepped.Length > 2 || (stepped.Length == 2 && (!int.TryParse(stepped[1], NumberStyles.None, CultureInfo.InvariantCulture, out step) || step == 0)))
            {
                throw Bad(part, what);
            }

            if (stepped[0] is "*" or "?")
            {
                if (stepped.Length == 1)
                {
                    return [new() { Start = low, End = high, Step = 1 }];
                }

                ranges.Add(new() { Start = low, End = high, Step = step });
                continue;
            }

            string[] bounds = stepped[0].Split('-');
            int start = Value(bounds[0], low, high, what);
            int end = bounds.Length == 2 ? Value(bounds[1], low, high, what) : stepped.Length == 2 ? high : start;
            if (bounds.Length > 2 || end < start)
            {
                throw Bad(part, what);
            }

            if (what == "day of week" && start == 7)
            {
                start = end = 0;
            }

            ranges.Add(new() { Start = start, End = end, Step = step });
        }

        return ranges.Count > 0 ? ranges : throw Bad(text, what);
    }

    private static int Value(string text, int low, int high, string what)
    {
        string lower = text.ToLowerInvariant();
        int name = what == "month" ? Array.FindIndex(Months, m => lower.StartsWith(m, StringComparison.Ordinal)) + 1
            : what == "day of week" ? Array.FindIndex(Days, d => lower.StartsWith(d, StringComparison.Ordinal)) : -1;
        if (what == "month" ? name > 0 : name >= 0)
        {
            return name;
        }

        int highest = what == "day of week" ? 7 : high;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= low && value <= highest ? value : throw Bad(text, what);
    }

    private static RpcException Bad(string text, string what) => Errors.Invalid($"Invalid schedule spec: \"{text}\" is no {what}");
}
