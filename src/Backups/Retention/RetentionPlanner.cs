using System.Globalization;

namespace VirtEngine.DR.Backups.Retention;

/// <summary>Decides which backups stay. Pure.</summary>
public static class RetentionPlanner
{
    /// <summary>A decision with its reason for each backup of one scope in one region.</summary>
    /// <param name="scope">Chain, node and kind.</param>
    /// <param name="backups">All of them.</param>
    /// <param name="rules">What keeps; any one is enough.</param>
    /// <param name="now">By the bucket's clock.</param>
    /// <returns>Newest first.</returns>
    public static IReadOnlyList<RetentionDecision> Plan(BackupScope scope, IReadOnlyList<RetentionItem> backups, KeepRules rules, DateTimeOffset now)
    {
        var ordered = backups.OrderByDescending(item => item.LastModified).ThenByDescending(item => item.Id).ToList();
        var reasons = ordered.ToDictionary(item => item.Id, _ => new List<string>());
        KeepNewest(ordered, rules.Last, reasons);
        KeepOnePer(ordered, rules.Hourly, "hour", time => time.ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture), reasons);
        KeepOnePer(ordered, rules.Daily, "day", time => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), reasons);
        KeepOnePer(ordered, rules.Weekly, "week", time => $"{ISOWeek.GetYear(time)}-W{ISOWeek.GetWeekOfYear(time):d2}", reasons);
        KeepOnePer(ordered, rules.Monthly, "month", time => time.ToString("yyyy-MM", CultureInfo.InvariantCulture), reasons);
        foreach (var item in ordered)
        {
            if (rules.Forever)
            {
                reasons[item.Id].Add("kept for ever");
            }

            if (rules.Within is { } within && now - item.LastModified <= within)
            {
                reasons[item.Id].Add($"younger than {within}");
            }

            if (item.RetainUntil is { } until && until > now)
            {
                reasons[item.Id].Add($"retained until {until:u}");
            }
        }

        // Whatever the rules say, the way back stays.
        if (ordered.FirstOrDefault(item => item.Proven) is { } proven)
        {
            reasons[proven.Id].Add("the last proven one");
        }

        if (ordered.FirstOrDefault() is { } newest && reasons.Values.All(list => list.Count == 0))
        {
            reasons[newest.Id].Add("no rule keeps any and none is proven: the newest stays");
        }

        return [.. ordered.Select(item => new RetentionDecision(
            scope, item.Id, item.LastModified, reasons[item.Id].Count > 0,
            reasons[item.Id].Count > 0 ? string.Join(", ", reasons[item.Id]) : $"no rule keeps it ({(now - item.LastModified).TotalDays:0.0} days old)"))];
    }

    private static void KeepNewest(List<RetentionItem> ordered, int count, Dictionary<BackupId, List<string>> reasons)
    {
        foreach (var (item, index) in ordered.Take(count).Select((item, index) => (item, index)))
        {
            reasons[item.Id].Add($"number {index + 1} of the last {count}");
        }
    }

    private static void KeepOnePer(List<RetentionItem> ordered, int count, string unit, Func<DateTime, string> bucket, Dictionary<BackupId, List<string>> reasons)
    {
        foreach (var group in ordered.GroupBy(item => bucket(item.LastModified.UtcDateTime)).Take(count))
        {
            reasons[group.First().Id].Add($"the newest of {unit} {group.Key}");
        }
    }
}
