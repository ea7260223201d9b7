using System.Text.RegularExpressions;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Replaces what differs from play to play: random ids by the order in which they appear, the stage's own names by their role.</summary>
public sealed partial class Mask(string unique)
{
    private readonly Dictionary<string, string> ids = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock gate = new();

    /// <summary>The text without what is random.</summary>
    public string Text(string text)
    {
        lock (gate)
        {
            string shown = text.Replace(unique, "~", StringComparison.Ordinal);
            shown = Seconds().Replace(Stamp().Replace(shown, "<time>"), "<time>");
            return Id().Replace(shown, match =>
            {
                if (!ids.TryGetValue(match.Value, out string? name))
                {
                    ids[match.Value] = name = $"<id{ids.Count + 1}>";
                }

                return name;
            });
        }
    }

    [GeneratedRegex(@"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|\b[0-9a-f]{32}\b")]
    private static partial Regex Id();

    /// <summary>A time as the SDK writes it into its markers.</summary>
    [GeneratedRegex(@"\{""seconds"":\d+,""nanos"":\d+\}")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")]
    private static partial Regex Stamp();
}
