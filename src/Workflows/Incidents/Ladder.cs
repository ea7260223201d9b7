using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Incidents;

namespace VirtEngine.DR.Workflows.Incidents;

/// <summary>Who is paged next, and when: the estate's contacts, or the plan's table where the estate names nobody for the class.</summary>
/// <param name="Levels">In the order of their times.</param>
/// <param name="Source">Where they are from.</param>
public sealed record Ladder(IReadOnlyList<EscalationLevel> Levels, string Source)
{
    /// <summary>The source of levels that the estate names.</summary>
    public const string Estate = "the estate's contacts";

    /// <summary>The source of levels that it does not.</summary>
    public const string Plan = "the plan's contact table";

    /// <summary>Who comes last, with their numbers; several where they have the same time.</summary>
    public IReadOnlyList<(int Number, EscalationLevel Level)> Last => [.. Levels.Select((level, index) => (Number: index + 1, Level: level)).Where(one => one.Level.After == Levels[^1].After)];

    private static readonly string[] All = ["D1", "D2", "D3", "D4", "D5"];

    /// <summary>The plan: its contact table, and RB-DR-001's own line for D1.</summary>
    private static readonly (string Role, TimeSpan After, string[] Classes)[] Table =
    [
        ("on-call lead", TimeSpan.FromMinutes(10), ["D1"]),
        ("primary on-call", TimeSpan.FromMinutes(15), All),
        ("security team", TimeSpan.Zero, ["D5"]),
        ("infrastructure lead", TimeSpan.FromMinutes(30), All),
        ("executive", TimeSpan.FromHours(1), ["D3", "D4", "D5"]),
    ];

    /// <summary>The ladder of a class.</summary>
    public static Ladder Of(string incidentClass, IReadOnlyList<ContactSpec> contacts)
    {
        ArgumentNullException.ThrowIfNull(contacts);
        var named = contacts.Where(c => c.Classes.Count == 0 || c.Classes.Contains(incidentClass)).ToArray();
        return named.Length > 0
            ? new(Sorted(named.Select(c => new EscalationLevel(c.Role, c.Contact, c.EscalateAfter ?? TimeSpan.Zero))), Estate)
            : new(Sorted(Table.Where(r => r.Classes.Contains(incidentClass)).Select(r => new EscalationLevel(r.Role, null, r.After))), Plan);
    }

    private static EscalationLevel[] Sorted(IEnumerable<EscalationLevel> levels) => [.. levels.OrderBy(l => l.After)];
}
