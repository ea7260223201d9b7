using VirtEngine.DR.Backups.Repositories;

namespace VirtEngine.DR.Backups.Catalogs;

/// <summary>A region's repository, or the reason why it could not be opened (an unreachable source is said, never left out).</summary>
/// <param name="Region">The region's name.</param>
/// <param name="Repository">The repository, null when unreachable.</param>
/// <param name="Unreachable">Why not.</param>
public sealed record CatalogSource(string Region, BackupRepository? Repository, string? Unreachable = null);
