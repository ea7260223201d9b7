namespace VirtEngine.DR.Backups.Files;

/// <summary>Which files of a home enter a backup.</summary>
/// <param name="Include">Relative files, folders (all below them) or globs (<c>*</c>, <c>?</c> within a part, <c>**</c> across parts).</param>
/// <param name="Exclude">The same; wins over include.</param>
public sealed record FileSelection(IReadOnlyList<string> Include, IReadOnlyList<string>? Exclude = null);
