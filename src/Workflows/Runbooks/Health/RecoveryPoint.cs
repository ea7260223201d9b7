using System.Globalization;
using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>
/// How much of the chain the loss of any one region could take away, measured by what synced full nodes of two or more regions hold. Backups are another thing and
/// are reported apart: they lag by hours, and restoring one loses nothing that a full node elsewhere still has.
/// </summary>
/// <param name="Tip">The newest committed height that was seen; null when nobody answered.</param>
/// <param name="Held">The highest height that full nodes of two regions hold, with equal hash; null where there is none.</param>
/// <param name="Regions">The regions that hold it.</param>
/// <param name="Time">The time between that block and the tip; null where that is not known.</param>
/// <param name="Contradictions">Heights at which nodes hold different blocks.</param>
public sealed record RecoveryPoint(long? Tip, long? Held, IReadOnlyList<string> Regions, TimeSpan? Time, IReadOnlyList<string> Contradictions)
{
    /// <summary>Regions that must hold a block before it counts.</summary>
    public const int Enough = 2;

    /// <summary>Blocks that one region's loss could take away; null where that is not known.</summary>
    public long? Blocks => Tip - Held;

    /// <summary>Reckons.</summary>
    public static RecoveryPoint Of(Holdings holdings)
    {
        ArgumentNullException.ThrowIfNull(holdings);
        var counted = holdings.Nodes.Where(node => node is { Synced: true, Problem: null }).ToArray();
        var contradictions = counted.SelectMany(node => node.Blocks.Select(block => (node, block))).GroupBy(one => one.block.Height)
            .Where(same => same.Select(one => one.block.Hash).Distinct().Count() > 1).OrderBy(same => same.Key)
            .Select(same => Text($"at {same.Key} {string.Join(", ", same.Select(one => $"{one.node.Node} has {one.block.Hash}"))}")).ToArray();
        foreach (var height in counted.SelectMany(node => node.Blocks).Select(block => block.Height).Distinct().OrderDescending())
        {
            var camps = counted.SelectMany(node => node.Blocks.Where(block => block.Height == height).Select(block => (node.Region, block)))
                .GroupBy(one => one.block.Hash).Select(camp => (camp.First().block, Regions: camp.Select(one => one.Region).Distinct().Order(StringComparer.Ordinal).ToArray()))
                .Where(camp => camp.Regions.Length >= Enough).ToArray();

            // Two camps of two regions each: nobody can say which of them the chain is.
            if (camps.Length == 1)
            {
                return new(holdings.Tip, height, camps[0].Regions, holdings.TipTime - camps[0].block.Time, contradictions);
            }
        }

        return new(holdings.Tip, null, [], null, contradictions);
    }

    /// <summary>Whether the objective is met; what is not known does not meet it.</summary>
    public bool Meets(TimeSpan objective) => Contradictions.Count == 0 && Held is not null && (Blocks <= 0 || (objective > TimeSpan.Zero && Time is { } time && time <= objective));

    /// <summary>In a sentence.</summary>
    public string Describe(TimeSpan? objective)
    {
        var held = Tip is null ? "unknown: no full node answered"
            : Held is null ? Text($"no block is held by synced full nodes of {Enough} regions (the tip is {Tip}): all of it depends on one region")
            : Text($"{Math.Max(0, Blocks!.Value)} blocks ({Math.Max(0, Time?.TotalSeconds ?? 0):0.#} s): {string.Join(" and ", Regions)} hold everything up to {Held}, the tip is {Tip}");
        var contradiction = Contradictions.Count == 0 ? "" : $"; FULL NODES CONTRADICT EACH OTHER: {string.Join("; ", Contradictions)} (RB-DR-004)";
        return held + contradiction + (objective is { } target ? Text($"; objective {target.TotalSeconds:0} s: {(Meets(target) ? "met" : "MISSED")}") : "");
    }

    /// <summary>The newest proven backups, each with its age.</summary>
    public static string Describe(IReadOnlyList<BackupAge> backups, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(backups);
        return backups.Count == 0 ? "no node's chain state is backed up" : string.Join("; ", backups.Select(backup => backup.TakenAt is { } taken
            ? Text($"{backup.Node}: {backup.Id} at height {backup.Height}, {(now - taken).TotalHours:0.0} h old, {(backup.Rung > 0 ? Text($"rung {backup.Rung}") : "unproven")}")
            : $"{backup.Node}: {backup.Problem}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
