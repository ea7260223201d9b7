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

    /// <summary>Whether a runbook is a zone's.</summary>
    public static bool IsFor(string? runbook) => runbook is WorkflowTypes.ZoneFailover or WorkflowTypes.ZoneFailback;

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> Options => [region, zone];

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
            }
            : new ZoneFailbackInput
            {
                Region = parsed.GetValue(region)!,
                Zone = parsed.GetValue(zone)!,
                Mode = said.Mode,
                Operator = said.Operator,
                Reason = said.Reason,
                Ticket = said.Ticket,
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
