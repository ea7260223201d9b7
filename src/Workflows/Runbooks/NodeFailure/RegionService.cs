using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>How many full nodes of a region serve beside one that is cured: never fewer than two are left without a person's word.</summary>
/// <param name="Region">The region.</param>
/// <param name="Left">Those that serve without the node; null where that could not be found out.</param>
/// <param name="Out">Those that do not, with why.</param>
public sealed record RegionService(string Region, IReadOnlyList<string>? Left, IReadOnlyList<string> Out)
{
    /// <summary>Never fewer.</summary>
    public const int Fewest = 2;

    /// <summary>Too few are left, or nobody knows how many.</summary>
    public bool Tight => Left is not { Count: >= Fewest };

    /// <summary>In words.</summary>
    public string Text => Left is null ? $"how many full nodes of {Region} serve could not be found out"
        : $"{(Left.Count == 0 ? "no other full node" : string.Join(", ", Left))} of {Region} serve{(Left.Count == 1 ? "s" : "")}{(Out.Count > 0 ? $" ({string.Join("; ", Out)})" : "")}";

    /// <summary>Counts.</summary>
    /// <param name="node">The node that is cured; it does not count.</param>
    /// <param name="holdings">What was seen; null where nothing could be.</param>
    /// <param name="maxLag">One further behind than this does not serve.</param>
    public static RegionService Of(NodeSpec node, Holdings? holdings, int maxLag)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (holdings is null)
        {
            return new(node.Region, null, []);
        }

        string? Why(Holding other) => other.Problem ?? (!other.Synced ? "is catching up" : holdings.Tip - other.Height > maxLag ? FormattableString.Invariant($"is {holdings.Tip - other.Height} blocks behind") : null);
        var others = holdings.Nodes.Where(other => other.Region == node.Region && other.Node != node.Name).ToArray();
        return new(
            node.Region, [.. others.Where(other => Why(other) is null).Select(other => other.Node)], [.. others.Where(other => Why(other) is not null).Select(other => $"{other.Node}: {Why(other)}")]);
    }
}
