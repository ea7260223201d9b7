using System.Text;

namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>Which names are denied, linked, or copied ahead.</summary>
internal sealed class FileRules
{
    /// <summary>How every folder of the engine begins.</summary>
    internal const string Ours = ".virtengine-";

    // CometBFT writes the HRS file through a temporary sibling of this name.
    private static readonly byte[] AtomicPrefix = "write-file-atomic-"u8.ToArray();
    private readonly string signingFolder;
    private readonly byte[] signingName;
    private readonly HashSet<string> deniedPaths;
    private readonly string walFolder;
    private readonly byte[] walName;
    private readonly string snapshots;
    private readonly bool includeSnapshots;

    public FileRules(NodeLayout layout)
    {
        (signingFolder, var name) = Split(layout.SigningStateFile);
        signingName = Encoding.UTF8.GetBytes(name);
        (walFolder, name) = Split(layout.WalFile);
        walName = Encoding.UTF8.GetBytes(name);
        deniedPaths = [layout.SigningStateFile, layout.SigningKeyFile, layout.NodeKeyFile];
        snapshots = layout.DatabaseFolder + "/snapshots";
        includeSnapshots = layout.IncludeStateSyncSnapshots;
    }

    /// <summary>True for a folder that is not taken at all; the engine's own (staging, former data) stand inside the data where that is a mount point.</summary>
    public bool DeniesFolder(string path) => (!includeSnapshots && path == snapshots)
        || Path.GetFileName(path).StartsWith(Ours, StringComparison.Ordinal)
        || Path.GetFileName(path).StartsWith("keyring-", StringComparison.Ordinal);

    /// <summary>True for a file that never enters a snapshot. The name has its NUL.</summary>
    public bool DeniesFile(string folder, ReadOnlySpan<byte> name)
    {
        name = name[..^1];
        return name.SequenceEqual("LOCK"u8) || name.SequenceEqual("priv_validator_key.json"u8) || name.SequenceEqual("node_key.json"u8)
            || (folder == signingFolder && (name.StartsWith(signingName) || name.StartsWith(AtomicPrefix)))
            || deniedPaths.Contains(folder + "/" + Encoding.UTF8.GetString(name));
    }

    /// <summary>True for a file that never changes once it is written.</summary>
    public static bool Links(DatabaseKind kind, ReadOnlySpan<byte> name) => kind switch
    {
        DatabaseKind.GoLevelDb or DatabaseKind.Recycling => name[..^1].EndsWith(".ldb"u8) || name[..^1].EndsWith(".sst"u8),
        DatabaseKind.Chunks => name[..^1].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0,
        _ => false,
    };

    /// <summary>True for a file that is only appended to, so that what it holds now may be copied before the pause.</summary>
    public bool AppendsOnly(DatabaseKind kind, string folder, ReadOnlySpan<byte> name) => kind switch
    {
        DatabaseKind.GoLevelDb => name[..^1].EndsWith(".log"u8),
        DatabaseKind.Wal => folder == walFolder && name.StartsWith(walName),
        _ => false,
    };

    /// <summary>What kind of folder it is, by what lies in it.</summary>
    public DatabaseKind KindOf(string folder, IReadOnlyCollection<string> names)
    {
        if (names.Any(name => name.StartsWith("OPTIONS-", StringComparison.Ordinal) || name.StartsWith("marker.", StringComparison.Ordinal)))
        {
            return DatabaseKind.Recycling;
        }

        return names.Contains("CURRENT") ? DatabaseKind.GoLevelDb
            : folder == walFolder ? DatabaseKind.Wal
            : folder.StartsWith(snapshots + "/", StringComparison.Ordinal) ? DatabaseKind.Chunks : DatabaseKind.None;
    }

    private static (string Folder, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? ("", path) : (path[..slash], path[(slash + 1)..]);
    }
}
