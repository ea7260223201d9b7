using System.Globalization;
using VirtEngine.DR.Activities.Dns;
using VirtEngine.DR.Contracts.Dns;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Workflows.Dns;

namespace VirtEngine.DR.Starter.Dns;

/// <summary>A switch of the data plane.</summary>
/// <param name="Region">The region that it takes out.</param>
/// <param name="Url">Its object.</param>
/// <param name="Thrown">Who threw it; null: the region is in, or see the problem.</param>
/// <param name="Problem">Why nobody knows; null: it is known.</param>
internal sealed record SwitchLine(string Region, string Url, DnsThrown? Thrown, string? Problem);

/// <summary>DNS for people and for scripts.</summary>
internal static class DnsText
{
    public static void Show(CliSession session, DnsObservation now, IReadOnlyList<SwitchLine> switches)
    {
        if (session.Settings.Json)
        {
            session.Json(new
            {
                at = now.At,
                zone = now.Zone,
                records = now.Records.Select(record => new
                {
                    name = record.Name,
                    type = record.Type,
                    identifier = record.Identifier,
                    region = record.Region,
                    routing = record.Routing,
                    weight = record.Weight,
                    ttlSeconds = record.Ttl?.TotalSeconds,
                    leads = record.Leads,
                    check = record.Check,
                }),
                checks = now.Checks,
                switches,
                unknowns = now.Unknowns,
            });
            return;
        }

        session.Line($"zone {now.Zone}");
        foreach (var name in now.Records.GroupBy(record => $"{record.Name} {record.Type}"))
        {
            session.Line(name.Key);
            foreach (var record in name)
            {
                session.Line("  " + Line(record, now.Checks));
            }
        }

        foreach (var one in switches)
        {
            session.Line($"switch of {one.Region}: {one.Problem ?? (one.Thrown is { } thrown ? $"THROWN by {thrown.By} at {thrown.At:u}" : "not thrown")}  {one.Url}");
        }

        foreach (var unknown in now.Unknowns)
        {
            session.Line("not known: " + unknown);
        }
    }

    public static void Check(CliSession session, IReadOnlyList<DnsFinding> findings)
    {
        if (session.Settings.Json)
        {
            session.Json(new { ready = !findings.Any(finding => finding.Blocks), findings });
            return;
        }

        foreach (var finding in findings.OrderByDescending(finding => finding.Blocks))
        {
            session.Line((finding.Blocks ? "WRONG  " : "risk   ") + finding.Text);
        }

        session.Line(findings.Any(finding => finding.Blocks) ? "Not ready." : "Ready: clients can be led away from each region.");
    }

    public static void Prepare(CliSession session, IReadOnlyList<DnsPreparation> plans, bool apply)
    {
        if (session.Settings.Json)
        {
            session.Json(new { applied = false, switches = plans.Select(Json) });
            return;
        }

        foreach (var plan in plans)
        {
            foreach (var line in Lines(plan))
            {
                session.Line($"{plan.Region,-16} {line}");
            }
        }

        if (!apply && plans.Any(plan => plan.Open) && plans.All(plan => plan.Problems.Count == 0))
        {
            session.Line("Nothing was changed. To do it: virtengine-dr dns prepare --apply");
        }
    }

    public static void Prepared(CliSession session, IReadOnlyList<DnsPreparation> left)
    {
        if (session.Settings.Json)
        {
            session.Json(new { applied = true, switches = left.Select(Json) });
            return;
        }

        session.Line(left.Any(plan => plan.Open) ? "Done in part; look again: virtengine-dr dns prepare" : "Prepared. See it work in a quiet hour before you rely on it (docs/dns.md).");
    }

    private static object Json(DnsPreparation plan) => new
    {
        region = plan.Region,
        check = plan.Check,
        mend = plan.Mend,
        open = plan.Open,
        records = plan.Records.Select(record => record.Title),
        problems = plan.Problems,
    };

    private static IEnumerable<string> Lines(DnsPreparation plan)
    {
        foreach (var problem in plan.Problems)
        {
            yield return "REFUSED: " + problem;
        }

        if (plan.Check is null)
        {
            yield return "make an inverted health check on the switch's object";
        }
        else if (plan.Mend)
        {
            yield return $"enable and invert the health check {plan.Check}";
        }

        foreach (var record in plan.Records)
        {
            yield return $"give it to {record.Title}";
        }

        if (!plan.Open && plan.Problems.Count == 0)
        {
            yield return "prepared";
        }
    }

    private static string Line(DnsRecord record, IReadOnlyList<DnsCheck> checks)
    {
        var check = checks.FirstOrDefault(one => one.Id == record.Check);
        var health = record.Check is null ? "no health check"
            : check is null ? $"health check {record.Check}: not known"
            : $"health check {check.Id}{(check.Switch is null ? "" : " (switch)")}: {(check.Disabled ? "DISABLED, counts as healthy" : check.Healthy switch { true => "healthy", false => "UNHEALTHY", null => check.Switch is null ? "not known" : "see the switch" })}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(record.Identifier.Length == 0 ? "-" : record.Identifier),-18} {record.Region ?? "no region",-16} {record.Routing,-9} {(record.Weight is { } weight ? $"weight {weight}" : ""),-11} {(record.Ttl is { } ttl ? $"{ttl.TotalSeconds:0} s" : "alias"),-6} {string.Join(", ", record.Leads)}  {health}");
    }
}
