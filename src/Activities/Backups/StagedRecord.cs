namespace VirtEngine.DR.Activities.Backups;

/// <summary>A staging folder whose file set equalled a manifest's when this was written.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Files">Its files.</param>
/// <param name="Bytes">Their bytes.</param>
internal sealed record StagedRecord(string Folder, int Files, long Bytes);
