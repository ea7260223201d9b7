using VirtEngine.DR.Contracts.Backups;

namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>How a home's configuration stands to a backup's.</summary>
/// <param name="Differences">Files of the home that differ or are missing, by path.</param>
/// <param name="Refusals">Files that are not taken from the backup whatever is there, each with why; the run says them and goes on without.</param>
public sealed record ConfigurationComparison(IReadOnlyList<ConfigurationDifference> Differences, IReadOnlyList<string> Refusals);

/// <summary>A file of a home that is not the backup's.</summary>
/// <param name="Path">Relative to the home.</param>
/// <param name="Missing">There is none.</param>
/// <param name="Damage">Why what is there cannot be right: it cannot be parsed, or is another chain's; null where it only differs, perhaps on purpose.</param>
public sealed record ConfigurationDifference(string Path, bool Missing, string? Damage);

/// <summary>Replaces files of a home.</summary>
/// <param name="Act">The backup.</param>
/// <param name="Files">These, relative to the home; what people approved.</param>
public sealed record ReplaceAct(RestoreAct Act, IReadOnlyList<string> Files);
