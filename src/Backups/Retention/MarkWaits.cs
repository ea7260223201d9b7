namespace VirtEngine.DR.Backups.Retention;

/// <summary>The backups that were running when a mark had become visible: they may not know of it, later ones do.</summary>
/// <param name="Format">1.</param>
/// <param name="Manifests">The keys that they will commit at.</param>
internal sealed record MarkWaits(int Format, IReadOnlyList<string> Manifests);
