using VirtEngine.DR.Backups.Manifests;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>A file of a configuration backup and its place on this host.</summary>
/// <param name="File">The manifest's entry.</param>
/// <param name="InHome">It belongs in the node's home; else it is only laid out for a person.</param>
/// <param name="Target">Its place, absolute.</param>
/// <param name="State">How it stands to what lies there.</param>
/// <param name="Reason">Why it is refused.</param>
public sealed record PlacementEntry(ManifestFile File, bool InHome, string Target, PlacementState State, string? Reason = null);
