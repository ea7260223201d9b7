namespace VirtEngine.DR.Estates;

/// <summary>A first estate that was written.</summary>
/// <param name="Path">The estate's file.</param>
/// <param name="Loaded">The estate as its own check reads it.</param>
/// <param name="Files">All files that were written.</param>
/// <param name="Findings">What was found where, and what a person should still decide.</param>
public sealed record EstateInitResult(string Path, LoadedEstate Loaded, IReadOnlyList<string> Files, IReadOnlyList<EstateFinding> Findings);
