using System.Globalization;
using System.Text;

namespace VirtEngine.DR.Estates;

/// <summary>Mistakes as an operator reads them in a terminal.</summary>
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
}
