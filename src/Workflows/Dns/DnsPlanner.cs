using System.Globalization;
using VirtEngine.DR.Contracts.Dns;

namespace VirtEngine.DR.Workflows.Dns;

/// <summary>How traffic is led away from a region.</summary>
/// <param name="Changes">Weights, all in one batch.</param>
/// <param name="Switch">The region's switch is thrown too: some of the names have no weights.</param>
/// <param name="Problems">Why it must not be done; empty: it may.</param>
/// <param name="Warnings">What to know before.</param>
public sealed record DnsPlan(IReadOnlyList<DnsChange> Changes, bool Switch, IReadOnlyList<string> Problems, IReadOnlyList<string> Warnings);

/// <summary>Plans a switch away from a region. Nothing healthy left to lead clients to, and no such plan: at a weight of 0 everywhere Route 53 gives all records, the lost one too.</summary>
public static class DnsPlanner
{
    /// <summary>The plan.</summary>
    /// <param name="target">The names.</param>
    /// <param name="now">The records as they are.</param>
    /// <param name="from">The region that is lost.</param>
    /// <param name="to">The region that takes over.</param>
    /// <param name="healthy">Regions that were proven healthy; anything else is not.</param>
    public static DnsPlan Away(DnsTarget target, DnsObservation now, string from, string to, IReadOnlyCollection<string> healthy)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(healthy);
        var plan = new Draft(target, now, from, to, healthy);
        foreach (var region in new[] { from, to }.Where(region => !target.Regions.Contains(region)))
        {
            plan.Problems.Add($"there is no region '{region}'; there are: {string.Join(", ", target.Regions)}");
        }

        if (from == to)
        {
            plan.Problems.Add($"clients cannot be led from {from} to {from}");
        }
        else if (!healthy.Contains(to))
        {
            plan.Problems.Add($"{to} is not proven healthy");
        }

        if (plan.Problems.Count == 0)
        {
            foreach (var name in target.Dns.Names)
            {
                plan.Add(name.Name, name.Type, name.Weight);
            }
        }

        // A plan that must not be done shows no change that somebody might do all the same.
        return plan.Problems.Count > 0 ? new([], false, plan.Problems, plan.Warnings) : new(plan.Changes, plan.Switch, [], plan.Warnings);
    }

    /// <summary>What leads back: each record gets its former weight, where it is still as the batch left it.</summary>
    public static IReadOnlyList<DnsChange> Back(IReadOnlyList<DnsChange> done, IReadOnlyList<DnsRecord> left)
    {
        ArgumentNullException.ThrowIfNull(done);
        ArgumentNullException.ThrowIfNull(left);
        return [.. done.Zip(left, (change, record) => new DnsChange(record, change.From.Weight ?? 0))];
    }

    private sealed class Draft(DnsTarget target, DnsObservation now, string from, string to, IReadOnlyCollection<string> healthy)
    {
        public List<DnsChange> Changes { get; } = [];

        public List<string> Problems { get; } = [];

        public List<string> Warnings { get; } = [];

        public bool Switch { get; private set; }

        public void Add(string name, string type, int weight)
        {
            var title = $"{name} {type}";
            DnsRecord[] records = [.. now.Records.Where(record => record.Name == name && record.Type == type)];
            if (records.Length == 0)
            {
                Problems.Add($"{title} has no record in the zone");
            }
            else if (!records.Any(record => record.Region == from))
            {
                Warnings.Add($"{title} has no record for {from}: nothing is changed");
            }
            else if (records.Any(record => record.Routing is DnsRouting.Simple or DnsRouting.Other))
            {
                Problems.Add($"{title} is neither weighted nor by latency or failover: make a record set a region (docs/dns.md)");
            }
            else if (records.Any(record => record.Routing == DnsRouting.Weighted))
            {
                Weights(title, records, weight);
            }
            else
            {
                ByHealth(title, records);
            }
        }

        private void Weights(string title, DnsRecord[] records, int weight)
        {
            if (!records.Any(record => record.Region == to))
            {
                Problems.Add($"{title} has no record for {to}");
                return;
            }

            var after = records.Select(record => (Record: record, Weight: Wanted(record, weight))).ToList();
            if (!after.Any(one => one.Weight > 0 && Lives(one.Record)))
            {
                Problems.Add($"{title} would have no healthy target left");
                return;
            }

            Changes.AddRange(after.Where(one => one.Weight != one.Record.Weight).Select(one => new DnsChange(one.Record, one.Weight)));
            Warnings.AddRange(after.Where(one => one.Weight > 0 && !Lives(one.Record))
                .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Record.Title} keeps weight {one.Weight} and is not proven healthy")));
        }

        private int Wanted(DnsRecord record, int weight) =>
            record.Region == from ? 0
            : record.Region == to ? (record.Weight is > 0 and { } present ? present : weight)
            : target.Dns.Exclusive ? 0 : record.Weight ?? 0;

        private void ByHealth(string title, DnsRecord[] records)
        {
            if (records.Where(record => record.Region == from).FirstOrDefault(record => DnsReadiness.SwitchProblem(target, now, record) is not null) is { } bare)
            {
                Problems.Add($"{title} has no weights, and {DnsReadiness.SwitchProblem(target, now, bare)}; in peacetime: virtengine-dr dns prepare --apply");
            }
            else if (!records.Any(record => record.Region != from && Lives(record)))
            {
                Problems.Add($"{title} would have no healthy target left");
            }
            else
            {
                Switch = true;
                if (target.Dns.Exclusive)
                {
                    Warnings.Add($"{title} has no weights: other regions than {to} keep their clients too");
                }
            }
        }

        private bool Lives(DnsRecord record) =>
            record.Region is { } region && region != from && healthy.Contains(region) && now.Checks.FirstOrDefault(check => check.Id == record.Check)?.Healthy != false;
    }
}
