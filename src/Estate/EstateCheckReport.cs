using System.Globalization;
using System.Text;

namespace VirtEngine.DR.Estates;

/// <summary>What <c>estate check</c> answers; serialises as JSON as it is.</summary>
/// <param name="File">The file as the operator named it.</param>
/// <param name="Valid">No mistakes.</param>
/// <param name="Digest">The estate's digest; null when it has mistakes.</param>
/// <param name="Name">Its name; null when it has mistakes.</param>
/// <param name="Chain">Its chain id; null when it has mistakes.</param>
/// <param name="Nodes">What each node gets; empty when there are mistakes.</param>
/// <param name="Problems">The mistakes, by line.</param>
/// <param name="Findings">What is allowed but should be somebody's decision.</param>
public sealed record EstateCheckReport(
    string File, bool Valid, string? Digest, string? Name, string? Chain, IReadOnlyList<NodeCheck> Nodes, IReadOnlyList<EstateProblem> Problems,
    IReadOnlyList<EstateFinding> Findings)
{
    /// <summary>As a person reads it in a terminal, without colours.</summary>
    public string ToText()
    {
        if (!Valid)
        {
            return EstateText.Problems(File, Problems);
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{File}: valid\n  estate {Name} · chain {Chain} · digest {Digest![..12]}\n");
        var width = Nodes.Max(n => n.Name.Length);
        foreach (var node in Nodes)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {node.Name.PadRight(width)}  {node.Kind}, {node.Region}: {(node.Backups.Count == 0 ? "no backups" : string.Join(", ", node.Backups))}\n");
        }

        foreach (var finding in Findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {(finding.Severity == FindingSeverity.Warning ? "warning" : "note")}: {(finding.Path.Length == 0 ? "" : finding.Path + ": ")}{finding.Text}\n");
        }

        return text.ToString().TrimEnd('\n');
    }
}

/// <summary>What one node gets.</summary>
/// <param name="Name">The node.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Region">Its region.</param>
/// <param name="Backups">Its backups, such as <c>chain-state (frozen)</c>.</param>
public sealed record NodeCheck(string Name, string Kind, string Region, IReadOnlyList<string> Backups);
