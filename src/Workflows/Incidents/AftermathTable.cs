using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Incidents;

namespace VirtEngine.DR.Workflows.Incidents;

/// <summary>What people owe after an incident, by class and runbook: the plan's deadlines, in one table. They count from the run's end.</summary>
public static class AftermathTable
{
    /// <summary>The rows; one applies where the class or the runbook is named.</summary>
    public static IReadOnlyList<AftermathRule> Rules { get; } =
    [
        new("incident-report", "Full incident report", TimeSpan.FromHours(24), ["D5"], [], "plan, RB-DR-005, step 7"),
        new("post-mortem", "Post-mortem", TimeSpan.FromHours(48), ["D3", "D4", "D5"], [], "plan, RB-DR-003, step 7; D3 and above"),
        new("root-cause", "Root cause analysis", TimeSpan.FromHours(72), ["D4"], [WorkflowTypes.DataCorruption], "plan, RB-DR-004, step 7"),
    ];

    /// <summary>What is owed after a run, the earliest deadline first.</summary>
    public static IReadOnlyList<AftermathTask> For(string runbook, string? incidentClass, DateTimeOffset closedAt, string owner) =>
    [
        .. Rules.Where(r => (incidentClass is not null && r.Classes.Contains(incidentClass)) || r.Runbooks.Contains(runbook))
            .OrderBy(r => r.Within)
            .Select(r => new AftermathTask
            {
                Id = r.Id, Title = r.Title, Within = r.Within, DueAt = closedAt + r.Within, Owner = owner, Source = r.Source,
            }),
    ];
}

/// <summary>A row of the table.</summary>
/// <param name="Id">The task's name in messages.</param>
/// <param name="Title">For people.</param>
/// <param name="Within">From the run's end to the deadline.</param>
/// <param name="Classes">The incident classes that it is owed after.</param>
/// <param name="Runbooks">The runbooks that it is owed after, whatever the class.</param>
/// <param name="Source">Where the plan asks for it.</param>
public sealed record AftermathRule(
    string Id, string Title, TimeSpan Within, IReadOnlyList<string> Classes, IReadOnlyList<string> Runbooks, string Source);
