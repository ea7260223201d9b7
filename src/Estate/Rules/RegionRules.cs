using System.Globalization;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates.Rules;

internal static class RegionRules
{
    public static void Check(Estate estate, Problems problems)
    {
        var regions = estate.Regions;
        Text.CheckUnique([.. regions.Select((r, i) => ($"regions[{i}].name", r.Name))], "region", problems);
        Text.CheckUnique([.. regions.Select((r, i) => ($"regions[{i}].priority", Of(r.Priority)))], "priority", problems);
        Text.CheckUnique(
            [.. regions.Select((r, i) => ($"regions[{i}].bucket.url", r.Bucket is { Url.Length: > 0 } b ? $"{b.Endpoint}{(b.Endpoint is null ? "" : " ")}{b.Url}" : ""))],
            "bucket", problems);
        Text.CheckUnique([.. estate.Workloads.Select((w, i) => ($"workloads[{i}].name", w.Name))], "workload", problems);
        CheckRoles(regions, problems);
        CheckLocks(estate, problems);
        if (regions.Sum(r => r.Capacity) is > 100 and var sum)
        {
            problems.Add("regions", $"The capacities add up to {sum} percent.", "At most 100 in all.");
        }

        for (var i = 0; i < regions.Count; i++)
        {
            Text.CheckUnique([.. regions[i].Zones.Select((z, j) => ($"regions[{i}].zones[{j}]", z))], "zone", problems);
        }
    }

    private static void CheckRoles(IReadOnlyList<RegionSpec> regions, Problems problems)
    {
        foreach (var (role, name) in new[] { (RegionRole.Primary, "primary"), (RegionRole.Secondary, "secondary") })
        {
            var with = Enumerable.Range(0, regions.Count).Where(i => regions[i].Role == role && !problems.IsBad($"regions[{i}].role")).ToList();
            foreach (var i in with.Skip(1))
            {
                problems.Add($"regions[{i}].role", $"'{regions[with[0]].Name}' is {name} already.", $"One region is {name}; a failover must have one answer.");
            }

            if (with.Count == 0 && role == RegionRole.Primary && regions.Count > 0 && !regions.Select((_, i) => i).Any(i => problems.IsBad($"regions[{i}].role")))
            {
                problems.Add("regions", "No region is primary.", "Write 'role: primary' at the one that serves first.");
            }
        }
    }

    /// <summary>A lock that outlives the backups that need it only holds garbage, and nobody can take it back.</summary>
    private static void CheckLocks(Estate estate, Problems problems)
    {
        var shortest = estate.Backups.Retention.Select(rule => (rule.Kind, Kept: Kept(rule))).Where(rule => rule.Kept > TimeSpan.Zero).MinBy(rule => rule.Kept);
        for (var i = 0; i < estate.Regions.Count; i++)
        {
            if (shortest.Kind is not null && estate.Regions[i].Bucket is { Lock: { } period } && period > shortest.Kept)
            {
                problems.Add(
                    $"regions[{i}].bucket.lock", $"It locks for {Quantity.Text(period)}, but backups of kind {shortest.Kind} are kept for {Quantity.Text(shortest.Kept)}: pruning could not remove them.",
                    $"At most {Quantity.Text(shortest.Kept)}, or keep {shortest.Kind} longer in 'backups.retention'.");
            }
        }
    }

    /// <summary>How far back the rules reach; zero where only a number of backups is kept, which says nothing about time.</summary>
    private static TimeSpan Kept(RetentionSpec rule) => new[]
    {
        rule.Within ?? TimeSpan.Zero, TimeSpan.FromHours(rule.Hourly), TimeSpan.FromDays(rule.Daily), TimeSpan.FromDays(7.0 * rule.Weekly), TimeSpan.FromDays(28.0 * rule.Monthly),
    }.Max();

    private static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);
}
