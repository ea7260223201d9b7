using System.Text.RegularExpressions;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>A difference that remains, with its reason on the page docs/embedded-differences.md.</summary>
/// <param name="Id">Its name on the page.</param>
/// <param name="Scenarios">Which scenarios it may show in.</param>
/// <param name="Line">Which lines differ; they are left out on both sides.</param>
public sealed record KnownDifference(string Id, Regex Scenarios, Regex Line)
{
    /// <summary>The differences that remain.</summary>
    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        Of("order-by", "list.order-by", "ORDER BY|^count"),
    ];

    /// <summary>Makes one of two patterns.</summary>
    public static KnownDifference Of(string id, string scenarios, string line) =>
        new(id, new("^(" + scenarios + ")$", RegexOptions.CultureInvariant), new(line, RegexOptions.CultureInvariant));

    /// <summary>The lines of a scenario without those that are known to differ.</summary>
    public static IReadOnlyList<string> Left(string scenario, IReadOnlyList<string> lines)
    {
        KnownDifference[] known = [.. All.Where(d => d.Scenarios.IsMatch(scenario))];
        return [.. lines.Where(line => !known.Any(d => d.Line.IsMatch(line)))];
    }
}
