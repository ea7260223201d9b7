namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>A file of a snapshot and where its bytes are.</summary>
/// <param name="File">The file.</param>
/// <param name="Source">The absolute path of its bytes.</param>
internal sealed record CapturedFile(SnapshotFile File, string Source);
