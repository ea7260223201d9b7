using System.Globalization;
using VirtEngine.DR.Activities.Backups.Proving;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Nodes.StateSync;

/// <summary>What a node's <c>app.toml</c> and data folder say about snapshots and history.</summary>
internal static class SnapshotSettings
{
    private const string Interval = "state-sync.snapshot-interval";
    private const string KeepRecent = "state-sync.snapshot-keep-recent";

    /// <summary>What the node has to offer.</summary>
    public static SnapshotSource Source(NodeSpec node, NodeHome home)
    {
        var app = Read(home, "app.toml", [Interval, KeepRecent]);
        var folder = Path.Combine(home.Data, "snapshots");
        var heights = Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder).Select(path => Number(Path.GetFileName(path))).Where(height => height > 0).OrderDescending().Take(10).ToArray()
            : [];
        var bytes = heights.Length == 0 ? 0 : DataFolder.Measure(Path.Combine(folder, heights[0].ToString(CultureInfo.InvariantCulture))).Bytes;
        return new(node.Name, Number(app.GetValueOrDefault(Interval)), Number(app.GetValueOrDefault(KeepRecent)), heights, bytes);
    }

    /// <summary>Why a node must not be state-synced; null when it may. A state-synced node has lost its history and its index.</summary>
    public static string? Refusal(NodeSpec node, NodeHome home)
    {
        if (node.Kind != NodeKind.Full)
        {
            return $"{node.Name} is of kind {node.Kind}: only a full node is state-synced";
        }

        if (ConsensusKeys.WhyItMaySign(node, home) is { } signs)
        {
            return $"{node.Name} may sign blocks ({signs}): it is never state-synced here";
        }

        if (Text(Read(home, "app.toml", ["pruning"]).GetValueOrDefault("pruning")) == "nothing")
        {
            return $"{node.Name} keeps all history (pruning = \"nothing\" in its app.toml), which a state sync would lose";
        }

        return Text(Read(home, "config.toml", ["tx_index.indexer"]).GetValueOrDefault("tx_index.indexer")) == "psql"
            ? $"{node.Name} indexes into a database (indexer = \"psql\" in its config.toml), which a state sync would leave with a gap"
            : null;
    }

    private static SortedDictionary<string, string> Read(NodeHome home, string name, string[] keys)
    {
        var path = Path.Combine(home.Path, "config", name);
        return File.Exists(path) ? TomlFile.Read(File.ReadAllText(path), keys, path) : [];
    }

    private static long Number(string? text) => long.TryParse(Text(text), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string? Text(string? literal) => literal?.Trim('"', '\'');
}
