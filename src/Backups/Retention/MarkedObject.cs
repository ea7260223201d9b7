namespace VirtEngine.DR.Backups.Retention;

/// <summary>One version of one key.</summary>
/// <param name="Key">Below the store's prefix.</param>
/// <param name="Size">Stored bytes.</param>
/// <param name="Version">Null where the store has none.</param>
internal sealed record MarkedObject(string Key, long Size, string? Version);
