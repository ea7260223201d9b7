using System.Globalization;
using System.Text;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates;

/// <summary>Values and mistakes as an operator reads them in a terminal.</summary>
internal static class EstateText
{
    public static string Problems(string fileName, IReadOnlyList<EstateProblem> problems)
    {
        var count = problems.Count == 1 ? "1 mistake" : string.Create(CultureInfo.InvariantCulture, $"{problems.Count} mistakes");
        var text = new StringBuilder().Append(fileName).Append(": ").Append(count);
        foreach (var p in problems)
        {
            text.Append('\n').Append(CultureInfo.InvariantCulture, $"  {p.Line}:{p.Column}  {(p.Path.Length == 0 ? "(file)" : p.Path)}: {p.Message}");
            if (p.Allowed is { } allowed)
            {
                text.Append('\n').Append("         ").Append(allowed);
            }
        }

        return text.ToString();
    }

    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Of(IEnumerable<string> texts) => "[" + string.Join(", ", texts) + "]";

    /// <summary>The plan's objectives of one kind of node, by class.</summary>
    public static string RtoRow(string kind) => string.Join(", ", EstateDefaults.Rto
        .Where(r => EnumNames<Contracts.Estates.NodeKind>.Of(r.Component) == kind)
        .Select(r => $"{r.Class} {(r.Target is { } target ? Quantity.Text(target) : "n/a")}"));
}
