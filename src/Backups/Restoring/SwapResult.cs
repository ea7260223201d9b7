namespace VirtEngine.DR.Backups.Restoring;

/// <summary>A finished swap.</summary>
/// <param name="KeptFolder">Where the former folders are, until somebody drops them.</param>
/// <param name="Entries">The home's entries that were swapped.</param>
/// <param name="Method"><c>exchange</c> or <c>entry-by-entry</c>.</param>
/// <param name="SigningState">The signing state that is in place now; null when the node has none.</param>
public sealed record SwapResult(string KeptFolder, IReadOnlyList<string> Entries, string Method, SigningState? SigningState);
