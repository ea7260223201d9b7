using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>The digest that approvals bind to: steps, parameters, undo kinds, gates and bounds; never a measurement or a forecast.</summary>
public static class PlanDigest
{
    /// <summary>SHA-256 of the canonical text, lower-case hex.</summary>
    public static string Of(PlanDraft draft) => Of(Canonical(draft));

    /// <summary>SHA-256 of lines, lower-case hex.</summary>
    public static string Of(IReadOnlyList<string> lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));

    /// <summary>One line a thing, in the plan's order; each value is escaped so that no two plans share a text.</summary>
    public static IReadOnlyList<string> Canonical(PlanDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var lines = new List<string> { draft.Ungraceful ? "plan/1|ungraceful" : "plan/1" };
        if (draft.Round > 1)
        {
            lines.Add(Line("round", draft.Round.ToString(CultureInfo.InvariantCulture)));
        }

        foreach (var step in draft.Steps)
        {
            lines.Add(Line(
                "step", step.Number, step.Id, step.Title, step.Changes, step.Undo.ToString(), step.Skippable ? "skippable" : "",
                step.Commit ? "commit" : "", step.LeftOut ?? "", step.Group ?? "", step.After));
            lines.AddRange(step.Parameters.Select(p => Line("parameter", step.Id, p)));
        }

        lines.AddRange(draft.Gates.Select(g => Line("gate", g.Name, g.Question, g.BeforeStep)));
        lines.AddRange(draft.Bounds.Select(b => Line("bound", b.Id, b.Text)));
        return lines;
    }

    /// <summary>What changed between two plans, for people.</summary>
    public static string Difference(PlanDraft former, PlanDraft next)
    {
        var old = Canonical(former);
        var now = Canonical(next);
        var gone = old.Except(now, StringComparer.Ordinal).Select(l => "- " + Readable(l));
        var come = now.Except(old, StringComparer.Ordinal).Select(l => "+ " + Readable(l));
        return string.Join("; ", gone.Concat(come));
    }

    private static string Line(params string[] parts) =>
        string.Join('|', parts.Select(p => p.Replace("\\", @"\\", StringComparison.Ordinal)
            .Replace("|", @"\p", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)));

    private static string Readable(string line) => line.Replace('|', ' ');
}
