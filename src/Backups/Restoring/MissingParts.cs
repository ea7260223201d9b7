using VirtEngine.DR.Backups.Manifests;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>A stretch of a file that is still to be written.</summary>
internal sealed record MissingPart(ManifestFile File, FilePart Part, long FileOffset);

/// <summary>All of them, by object.</summary>
internal sealed record MissingParts(IReadOnlyDictionary<int, List<MissingPart>> ByObject, long Bytes);
