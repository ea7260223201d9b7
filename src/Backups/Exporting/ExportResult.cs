namespace VirtEngine.DR.Backups.Exporting;

/// <summary>The plan's four files.</summary>
/// <param name="Folder">The folder <c>region/state</c> that they are in.</param>
/// <param name="Name"><c>state_height_utc</c>.</param>
/// <param name="Files">Absolute paths: archive, metadata, checksums, signature.</param>
/// <param name="ArchiveBytes">Size of the archive.</param>
public sealed record ExportResult(string Folder, string Name, IReadOnlyList<string> Files, long ArchiveBytes);
