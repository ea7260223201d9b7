namespace VirtEngine.DR.Backups.Evidence;

/// <summary>Something that evidence does not hold.</summary>
/// <param name="Path">Relative to the home, or absolute.</param>
/// <param name="Why">Why.</param>
/// <param name="PublicKey">For a private key: what may be known of it.</param>
public sealed record LeftOut(string Path, string Why, string? PublicKey = null);
