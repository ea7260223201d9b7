namespace VirtEngine.DR.Backups.Manifests;

/// <summary>One file of a backup.</summary>
/// <param name="Mode">Permission bits, at most 0777.</param>
/// <param name="Parts">Where its bytes are, in order; empty for an empty file.</param>
/// <param name="Path">Relative, '/' as separator.</param>
/// <param name="Sha256">Of the whole file, lower-case hex.</param>
/// <param name="Size">In bytes.</param>
public sealed record ManifestFile(int Mode, IReadOnlyList<FilePart> Parts, string Path, string Sha256, long Size);
