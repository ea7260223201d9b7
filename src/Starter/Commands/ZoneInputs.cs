using System.CommandLine;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Starter.Commands;

/// <summary>What <c>run</c> takes for a zone's runbooks.</summary>
internal sealed class ZoneInputs
{
    private readonly Option<string?> region = new("--region") { HelpName = "NAME", DefaultValueFactory = _ => null, Description = "RB-DR-002, ZoneFailback: the region, as the estate names it." };

    private readonly Option<string?> zone = new("--zone") { HelpName = "NAME", DefaultValueFactory = _ => null, Description = "RB-DR-002, ZoneFailback: the zone, as the estate names it." };

    private readonly Option<TimeSpan?> rollout = DurationOption.Create("--rollout", "RB-DR-002, ZoneFailback: how long the rollout may take (default: 5m).", ZoneLimits.ShortestWait, ZoneLimits.LongestWait);

    private readonly Option<TimeSpan?> evict = DurationOption.Create("--evict", "RB-DR-002: how long disruption budgets are waited for (default: 5m).", ZoneLimits.ShortestWait, ZoneLimits.LongestWait);

    private readonly Option<TimeSpan?> settle = DurationOption.Create("--settle", "ZoneFailback: how long the zone must have been healthy, and how long each step is watched before the next (default: 5m).", TimeSpan.Zero, ZoneLimits.LongestWait);

    private readonly Option<TimeSpan?> watchFor = DurationOption.Create("--watch-for", "RB-DR-002, ZoneFailback: how long it is watched for a relapse; 0s: not at all (default: 1h).", TimeSpan.Zero, ZoneLimits.LongestWatch);

    /// <summary>Whether a runbook is a zone's.</summary>
    public static bool IsFor(string? runbook) => runbook is WorkflowTypes.ZoneFailover or WorkflowTypes.ZoneFailback;

    /// <summary>The options that none of them can do without.</summary>
    public IReadOnlyList<Option> Needed => [region, zone];

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> Options => [region, zone, rollout, evict, settle, watchFor];

    /// <summary>The options that are of the other one.</summary>
    public IReadOnlyList<Option> ForeignTo(string runbook) => runbook == WorkflowTypes.ZoneFailover ? [settle] : [evict];

    /// <summary>The target's part of the run's id.</summary>
    public string Target(ParseResult parsed) => parsed.GetValue(zone)!;

    /// <summary>The input of a runbook.</summary>
    /// <param name="runbook">Which one.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="said">What every runbook is told.</param>
    public object Input(string runbook, ParseResult parsed, RunSaid said)
    {
        ArgumentNullException.ThrowIfNull(said);
        return runbook == WorkflowTypes.ZoneFailover
            ? new ZoneFailoverInput
            {
                Region = parsed.GetValue(region)!,
                Zone = parsed.GetValue(zone)!,
                Mode = said.Mode,
                Operator = said.Operator,
                Reason = said.Reason,
                Ticket = said.Ticket,
                TriggeredAt = said.Since,
                Rollout = parsed.GetValue(rollout),
                Evict = parsed.GetValue(evict),
                Watch = parsed.GetValue(watchFor),
            }
            : new ZoneFailbackInput
            {
                Region = parsed.GetValue(region)!,
                Zone = parsed.GetValue(zone)!,
                Mode = said.Mode,
                Operator = said.Operator,
                Reason = said.Reason,
                Ticket = said.Ticket,
                TriggeredAt = said.Since,
                Rollout = parsed.GetValue(rollout),
                Settle = parsed.GetValue(settle),
                Watch = parsed.GetValue(watchFor),
            };
    }
}

/// <summary>What every runbook is told.</summary>
/// <param name="Mode">live, practice or dry run.</param>
/// <param name="Operator">Who starts it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Ticket">A ticket.</param>
/// <param name="Since">When the failure was noticed.</param>
internal sealed record RunSaid(RunMode Mode, string? Operator, string? Reason, string? Ticket, DateTimeOffset? Since);
