using VirtEngine.DR.Activities.Nodes;

namespace VirtEngine.DR.Activities.Backups.Preparing;

/// <summary>Which files of a home a run replaces, written before the first one is touched.</summary>
/// <param name="Digest">The configuration backup's manifest.</param>
/// <param name="FirstRunId">The run.</param>
/// <param name="Files">The files with the digests of the new ones.</param>
/// <param name="Finished">All of them are in place.</param>
internal sealed record ReplacedRecord(string Digest, string FirstRunId, IReadOnlyList<PlacedFile> Files, bool Finished)
{
    /// <summary>Where it is kept.</summary>
    public static string PathIn(NodeHome home) => Path.Combine(home.Private, "replaced.json");

    /// <summary>Where a run keeps the former files: they outlive the record, for people.</summary>
    public static string FormerIn(NodeHome home, string firstRunId) => Path.Combine(home.Private, "former-configuration", firstRunId.Replace('/', '-'));
}
