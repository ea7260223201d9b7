namespace VirtEngine.DR.Activities.Backups;

/// <summary>A staging folder whose file set equalled a manifest's when this was written.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Files">Its files.</param>
/// <param name="Bytes">Their bytes.</param>
internal sealed record StagedRecord(string Folder, int Files, long Bytes);

/// <summary>Where the last swap of a home ended.</summary>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="Swapped">The data is that backup's; false after a swap back.</param>
/// <param name="Kept">The former data's folder.</param>
/// <param name="Staged">The folder that was staged.</param>
internal sealed record SwappedRecord(string Digest, bool Swapped, string? Kept, string? Staged);
