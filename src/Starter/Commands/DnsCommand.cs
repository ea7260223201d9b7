using System.CommandLine;
using VirtEngine.DR.Activities.Dns;
using VirtEngine.DR.Activities.Dns.Route53;
using VirtEngine.DR.Activities.ObjectStore;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Dns;
using VirtEngine.DR.Starter.Dns;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Workflows.Dns;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>dns show|check|prepare</c>: asks the provider directly, no server needed.</summary>
internal static class DnsCommand
{
    public static Command Create(CommandContext context) =>
        new("dns", "The names by which clients find the estate: how they are led now, and whether they could be led away from a lost region. Needs no server.")
        {
            Show(context), Check(context), Prepare(context),
        };

    private static Command Show(CommandContext context) =>
        context.Bind(new Command("show", "Every record of the estate's names with its region, weight, TTL and health check, and each switch. Changes nothing."), (session, _, cancellationToken) => WithAsync(session, async (zone, board, target) =>
        {
            var now = await zone.LookAsync(cancellationToken).ConfigureAwait(false);
            DnsText.Show(session, now, await SwitchesAsync(board, target, cancellationToken).ConfigureAwait(false));
            return now.Unknowns.Count == 0 ? ExitCodes.Ok : ExitCodes.Partial;
        }));

    private static Command Check(CommandContext context) =>
        context.Bind(new Command("check", "Whether clients could be led away from each region: records, TTLs, switches. For peacetime. Changes nothing."), (session, _, cancellationToken) => WithAsync(session, async (zone, board, target) =>
        {
            var findings = DnsReadiness.Findings(target, await zone.LookAsync(cancellationToken).ConfigureAwait(false)).ToList();
            findings.AddRange((await SwitchesAsync(board, target, cancellationToken).ConfigureAwait(false)).Select(one => one.Problem is not null
                ? new DnsFinding(true, one.Problem)
                : one.Thrown is { } thrown ? new DnsFinding(true, $"the switch of {one.Region} is thrown, by {thrown.By} at {thrown.At:u}: {one.Region} is out") : null).OfType<DnsFinding>());
            DnsText.Check(session, findings);
            return findings.Exists(finding => finding.Blocks) ? ExitCodes.Failed : ExitCodes.Ok;
        }));

    private static Command Prepare(CommandContext context)
    {
        var apply = new Option<bool>("--apply") { Description = "Do it; without it only what would be done is shown." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new Command("prepare", "Make each switch's health check at Route 53 and give it to the region's records. For peacetime: it needs Route 53's API.") { apply, yes };
        return context.Bind(command, (session, parsed, cancellationToken) => WithAsync(session, async (zone, board, target) =>
        {
            if (target.Dns.Switches.Count == 0)
            {
                throw new CliException(ErrorTypes.NotConfigured, "The estate has no 'dns.switches': there is nothing to prepare.");
            }

            var preparer = new DnsPreparer(zone, board, target);
            var plans = await preparer.PlanAsync(cancellationToken).ConfigureAwait(false);
            var done = parsed.GetValue(apply);
            if (!done || !session.Settings.Json)
            {
                DnsText.Prepare(session, plans, done);
            }

            if (plans.Any(plan => plan.Problems.Count > 0))
            {
                return done && session.Settings.Json ? throw new CliException(ErrorTypes.Conflict, string.Join("; ", plans.SelectMany(plan => plan.Problems))) : ExitCodes.Refused;
            }

            if (!done || !plans.Any(plan => plan.Open))
            {
                return ExitCodes.Ok;
            }

            if (!parsed.GetValue(yes) && !Confirmation.Ask(session, "Change health checks and records at Route 53?"))
            {
                return ExitCodes.Refused;
            }

            await preparer.ApplyAsync(plans, cancellationToken).ConfigureAwait(false);
            var left = await preparer.PlanAsync(cancellationToken).ConfigureAwait(false);
            DnsText.Prepared(session, left);
            return left.Any(plan => plan.Open) ? ExitCodes.Partial : ExitCodes.Ok;
        }));
    }

    private static async Task<int> WithAsync(CliSession session, Func<IDnsZone, DnsSwitchBoard, DnsTarget, Task<int>> body)
    {
        var estate = session.Estate().Estate;
        var dns = estate.Dns ?? throw new CliException(ErrorTypes.NotConfigured, "The estate has no section 'dns' (docs/dns.md).");
        var target = new DnsTarget(dns, [.. estate.Regions.OrderBy(region => region.Priority).Select(region => region.Name)]);
        using var zones = new Route53Zones();
        return await body(zones.Of(target), new DnsSwitchBoard(new ObjectStoreFactory()), target).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<SwitchLine>> SwitchesAsync(DnsSwitchBoard board, DnsTarget target, CancellationToken cancellationToken)
    {
        var lines = new List<SwitchLine>();
        foreach (var spec in target.Dns.Switches)
        {
            try
            {
                lines.Add(new(spec.Region, spec.Url, await board.LookAsync(spec, cancellationToken).ConfigureAwait(false), null));
            }
            catch (Temporalio.Exceptions.ApplicationFailureException e)
            {
                lines.Add(new(spec.Region, spec.Url, null, e.Message));
            }
        }

        return lines;
    }
}
