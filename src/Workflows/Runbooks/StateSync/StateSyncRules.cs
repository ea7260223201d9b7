using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>Which nodes may be state-synced, and what the sources should be set to.</summary>
public static class StateSyncRules
{
    /// <summary>The plan's <c>snapshot-interval</c>, in blocks.</summary>
    public const long SnapshotInterval = 1000;

    /// <summary>The plan's <c>snapshot-keep-recent</c>.</summary>
    public const long KeepRecent = 10;

    /// <summary>RPC servers that a light client needs.</summary>
    public const int Servers = 2;

    /// <summary>Why a node is not state-synced, by what the estate and its host say; null where nothing speaks against it.</summary>
    public static string? WhyNot(NodeSlice slice, NodeObservation node, bool signs)
    {
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(node);
        var spec = slice.Target.Node;
        return spec.Kind == NodeKind.Archive ? $"{spec.Name} is an archive node: a state sync would lose its history"
            : spec.Kind != NodeKind.Full ? $"{spec.Name} is of kind {spec.Kind}: only a full node is state-synced"
            : signs ? $"{spec.Name} may sign blocks: it is never state-synced here"
            : node.MissingFromHome.Count > 0 ? $"the home of {spec.Name} lacks {string.Join(", ", node.MissingFromHome)}: a restore prepares it first"
            : spec.Rpc is null ? $"{spec.Name} has no RPC in the estate: whether it synced could not be seen"
            : slice.References.Count < Servers ? $"the estate has {slice.References.Count} other RPCs, and a light client needs {Servers}"
            : null;
    }

    /// <summary>What is wrong with the sources' settings, for people; a source that takes no snapshots serves none.</summary>
    public static IEnumerable<string> Risks(IReadOnlyList<SnapshotSource> sources) => sources.SelectMany(Mistakes);

    private static IEnumerable<string> Mistakes(SnapshotSource source)
    {
        if (source.Interval == 0)
        {
            yield return $"{source.Node} takes no snapshots (snapshot-interval is 0 or missing in its app.toml): set it to {SnapshotInterval}";
        }
        else if (source.Interval != SnapshotInterval)
        {
            yield return FormattableString.Invariant($"{source.Node} takes a snapshot every {source.Interval} blocks; the plan says {SnapshotInterval}");
        }

        if (source.Interval > 0 && source.KeepRecent != KeepRecent)
        {
            yield return FormattableString.Invariant($"{source.Node} keeps {(source.KeepRecent == 0 ? "all" : $"{source.KeepRecent}")} snapshots; the plan says {KeepRecent}");
        }

        if (source.Interval > 0 && source.Heights.Count == 0)
        {
            yield return $"{source.Node} has no snapshot yet";
        }
    }
}
