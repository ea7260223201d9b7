using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Nodes;

/// <summary>The folders of a node's home; ours is <c>.virtengine-dr</c>, outside every backup set.</summary>
public sealed class NodeHome
{
    private NodeHome(string home, NodeLayout layout, string? problem)
    {
        Path = home;
        Layout = layout;
        Problem = problem;
    }

    /// <summary>The home.</summary>
    public string Path { get; }

    /// <summary>Where the node keeps what; CometBFT's defaults where the home has no configuration.</summary>
    public NodeLayout Layout { get; }

    /// <summary>Why <see cref="Layout"/> is only assumed; null when it was read.</summary>
    public string? Problem { get; }

    /// <summary>The engine's own folder.</summary>
    public string Private => System.IO.Path.Combine(Path, ".virtengine-dr");

    /// <summary>The folder of the databases.</summary>
    public string Data => System.IO.Path.Combine(Path, Layout.DatabaseFolder);

    /// <summary>The consensus key.</summary>
    public string SigningKey => System.IO.Path.Combine(Path, Layout.SigningKeyFile);

    /// <summary>The HRS file.</summary>
    public string SigningState => System.IO.Path.Combine(Path, Layout.SigningStateFile);

    /// <summary>Where staging folders of backups stand: on the file system of the data.</summary>
    public string BackupStaging => System.IO.Path.Combine(OnDataMount, "staging");

    /// <summary>Where captures wait for their upload: beside the staging, so that they get there by a rename.</summary>
    public string Captures => System.IO.Path.Combine(OnDataMount, "captures");

    /// <summary>Links and renames do not cross mounts: where data is a mount point, what is linked to it stands inside it.</summary>
    private string OnDataMount => Mounts.IsMountPoint(Data) ? System.IO.Path.Combine(Data, ".virtengine-dr") : Private;

    /// <summary>The genesis document.</summary>
    public string Genesis => System.IO.Path.Combine(Path, "config", "genesis.json");

    /// <summary>Reads a node's layout.</summary>
    public static NodeHome Of(NodeSpec node)
    {
        Common.ActivityScope.RequireNodeQueue(node.Name);
        var home = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(node.Home));
        try
        {
            return new NodeHome(home, NodeLayout.Read(home, node.Extras), problem: null);
        }
        catch (SnapshotException e)
        {
            var assumed = new NodeLayout(
                home, "data", "data/cs.wal/wal", "data/priv_validator_state.json", "config/priv_validator_key.json", "config/node_key.json", node.Extras);
            return new NodeHome(home, assumed, e.Message);
        }
    }

    /// <summary>Makes our own folder, readable by nobody else.</summary>
    public void EnsurePrivate() =>
        Directory.CreateDirectory(Private, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
