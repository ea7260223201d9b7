using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Nodes;

/// <summary>Whether a home is whole, lost, or one that this engine prepared anew.</summary>
internal static class Homes
{
    /// <summary>What the home of a chain's node lacks of what no node can do without.</summary>
    public static IReadOnlyList<string> Missing(NodeSpec node, NodeHome home) => node.Kind is NodeKind.Validator or NodeKind.Full or NodeKind.Archive
        ? [.. new[] { Path.Combine(home.Path, "config", "config.toml"), home.Genesis }.Where(path => !File.Exists(path)).Select(path => Path.GetRelativePath(home.Path, path))]
        : [];

    /// <summary>Whether the home of what is no chain's node is missing or holds nothing; what we keep in it ourselves does not count.</summary>
    public static bool IsEmpty(NodeSpec node, NodeHome home) => node.Kind is NodeKind.Provider or NodeKind.Gateway or NodeKind.Monitoring
        && (!Directory.Exists(home.Path) || Directory.EnumerateFileSystemEntries(home.Path).All(entry => entry == home.Private));

    /// <summary>
    /// A home that was lost with its signing state, was prepared anew and holds no consensus key: nothing in it can sign, so there is no
    /// signing state to keep. A node that starts with a key and without the state refuses by itself.
    /// </summary>
    public static bool IsPreparedAndKeyless(NodeHome home) =>
        !File.Exists(home.SigningKey) && DurableFile.ReadJson<PreparedRecord>(PreparedRecord.PathIn(home)) is { Finished: true, HomeWasLost: true };
}
