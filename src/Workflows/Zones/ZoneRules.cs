using VirtEngine.DR.Contracts.Clusters;

namespace VirtEngine.DR.Workflows.Zones;

/// <summary>What a zone's runbooks accept.</summary>
public static class ZoneRules
{
    /// <summary>Everything that is wrong with the input, each with its field and what is allowed.</summary>
    public static IReadOnlyList<string> Check(ZoneFailoverInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return [.. Place(input.Region, input.Zone, input.IncidentClass), .. Wait("rollout", input.Rollout), .. Wait("evict", input.Evict), .. Watch(input.Watch)];
    }

    /// <summary>Everything that is wrong with the input, each with its field and what is allowed.</summary>
    public static IReadOnlyList<string> Check(ZoneFailbackInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return
        [
            .. Place(input.Region, input.Zone, input.IncidentClass), .. Wait("rollout", input.Rollout), .. Watch(input.Watch),
            .. input.Settle is { } settle && (settle < TimeSpan.Zero || settle > ZoneLimits.LongestWait) ? [$"settle: {settle} is not between 0 and {ZoneLimits.LongestWait}"] : Array.Empty<string>(),
        ];
    }

    private static IEnumerable<string> Place(string region, string zone, string incidentClass)
    {
        if (string.IsNullOrWhiteSpace(region))
        {
            yield return "region: is missing; give the name of a region of the estate";
        }

        if (string.IsNullOrWhiteSpace(zone))
        {
            yield return "zone: is missing; give the name of a zone of that region";
        }

        if (incidentClass != "D2")
        {
            yield return $"incidentClass: \"{incidentClass}\" is not D2: a node is RB-DR-001, a region RB-DR-003";
        }
    }

    private static IEnumerable<string> Wait(string field, TimeSpan? value)
    {
        if (value is { } wait && (wait <= TimeSpan.Zero || wait > ZoneLimits.LongestWait))
        {
            yield return $"{field}: {wait} is not more than 0 and at most {ZoneLimits.LongestWait}";
        }
    }

    private static IEnumerable<string> Watch(TimeSpan? value)
    {
        if (value is { } watch && (watch < TimeSpan.Zero || watch > ZoneLimits.LongestWatch))
        {
            yield return $"watch: {watch} is not between 0 and {ZoneLimits.LongestWatch}";
        }
    }
}
