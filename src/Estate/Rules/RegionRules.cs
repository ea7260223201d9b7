using System.Globalization;
using VirtEngine.DR.Contracts.Estates;

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
        CheckRoles(regions, problems);
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

    private static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);
}
