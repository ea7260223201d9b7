using System.Globalization;
using VirtEngine.DR.Contracts.Dns;

namespace VirtEngine.DR.Workflows.Dns;

/// <summary>Something to put right in peacetime.</summary>
/// <param name="Blocks">A failover would be refused, or would not reach clients in time; else it is a risk to know.</param>
/// <param name="Text">What, and what to do.</param>
public sealed record DnsFinding(bool Blocks, string Text);

/// <summary>Whether the names could be led away from each region, looked at in peacetime.</summary>
public static class DnsReadiness
{
    /// <summary>All that is to be put right.</summary>
    public static IReadOnlyList<DnsFinding> Findings(DnsTarget target, DnsObservation now)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(now);
        var found = now.Unknowns.Select(unknown => new DnsFinding(true, unknown)).ToList();
        foreach (var name in target.Dns.Names)
        {
            DnsRecord[] records = [.. now.Records.Where(record => record.Name == name.Name && record.Type == name.Type)];
            found.AddRange(OfName(target, $"{name.Name} {name.Type}", records));
            found.AddRange(records.SelectMany(record => OfRecord(target, now, record)));
        }

        foreach (var region in target.Regions.Where(region => target.Dns.Switches.All(one => one.Region != region)))
        {
            found.Add(new(false, $"{region} has no switch: while Route 53's API is away (it lives in us-east-1) clients cannot be led away from {region}. Add it to 'dns.switches'"));
        }

        return found;
    }

    /// <summary>Why a record cannot be taken out by its region's switch; null: it can.</summary>
    public static string? SwitchProblem(DnsTarget target, DnsObservation now, DnsRecord record)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(record);
        if (target.Dns.Switches.All(one => one.Region != record.Region))
        {
            return $"there is no switch for {record.Region} in the estate";
        }

        var check = now.Checks.FirstOrDefault(one => one.Id == record.Check);
        return record.Check is null ? $"{record.Title} has no health check"
            : check is null ? $"the health check {record.Check} of {record.Title} could not be read"
            : check.Switch != record.Region ? $"{record.Title} has another health check ({record.Check}) than the switch's"
            : check.Disabled ? $"the health check {check.Id} is disabled, which counts as healthy"
            : check.Inverted ? null : $"the health check {check.Id} is not inverted";
    }

    private static IEnumerable<DnsFinding> OfName(DnsTarget target, string title, DnsRecord[] records)
    {
        if (records.Length == 0)
        {
            yield return new(true, $"{title} has no record in the zone");
            yield break;
        }

        var regions = records.Select(record => record.Region).OfType<string>().Distinct().ToList();
        if (regions.Count < 2)
        {
            yield return new(true, $"{title} leads to {(regions.Count == 0 ? "no region of the estate" : regions[0] + " only")}: make a record set for each region, with the region's name as its identifier (or say others in 'sets')");
        }

        var weighted = records.Where(record => record.Routing == DnsRouting.Weighted).ToList();
        if (weighted.Count > 0 && weighted.All(record => record.Weight == 0))
        {
            yield return new(true, $"{title} has weight 0 everywhere: all records are given, those of lost regions too");
        }

        foreach (var stray in records.Where(record => record.Region is null && record.Identifier.Length > 0))
        {
            yield return new(false, $"{stray.Title} leads to none of the regions {string.Join(", ", target.Regions)}");
        }
    }

    private static IEnumerable<DnsFinding> OfRecord(DnsTarget target, DnsObservation now, DnsRecord record)
    {
        if (record.Ttl > target.Dns.Ttl)
        {
            yield return new(true, string.Create(
                CultureInfo.InvariantCulture, $"{record.Title} has a TTL of {record.Ttl.Value.TotalSeconds:0} s, at most {target.Dns.Ttl.TotalSeconds:0} s are allowed: clients would stay that much longer at a lost region"));
        }

        if (record.Routing is DnsRouting.Simple or DnsRouting.Other)
        {
            yield return new(true, $"{record.Title} is neither weighted nor by latency or failover: no run can lead clients away from it");
        }
        else if (record.Region is not null && SwitchProblem(target, now, record) is { } problem)
        {
            var needed = record.Routing != DnsRouting.Weighted;
            if (needed || target.Dns.Switches.Any(one => one.Region == record.Region))
            {
                yield return new(needed, $"{problem}; do: virtengine-dr dns prepare");
            }
        }
    }
}
