namespace VirtEngine.DR.Activities.Nodes;

/// <summary>What a run put in a home, written before the first file is: whatever comes, the undo knows what is ours.</summary>
/// <param name="Digest">The configuration backup's manifest.</param>
/// <param name="Backup">Its id.</param>
/// <param name="FirstRunId">The run.</param>
/// <param name="HomeWasLost">The home lacked what no node can do without.</param>
/// <param name="Files">What was missing and is put in place.</param>
/// <param name="NotPlaced">What is not in place, for people.</param>
/// <param name="Finished">Everything is in place.</param>
internal sealed record PreparedRecord(
    string Digest, string Backup, string FirstRunId, bool HomeWasLost, IReadOnlyList<PlacedFile> Files, IReadOnlyList<string> NotPlaced, bool Finished)
{
    /// <summary>Where it is kept.</summary>
    public static string PathIn(NodeHome home) => Path.Combine(home.Private, "prepared.json");
}

/// <summary>One file.</summary>
/// <param name="Path">Relative to the home.</param>
/// <param name="Sha256">Lower-case hex.</param>
internal sealed record PlacedFile(string Path, string Sha256);

/// <summary>The node key that a run made.</summary>
/// <param name="FirstRunId">The run.</param>
/// <param name="NodeId">Its p2p id.</param>
/// <param name="Path">The file, relative to the home.</param>
internal sealed record NodeKeyRecord(string FirstRunId, string NodeId, string Path)
{
    /// <summary>Where it is kept.</summary>
    public static string PathIn(NodeHome home) => System.IO.Path.Combine(home.Private, "node-key-made.json");
}
