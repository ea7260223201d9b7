namespace VirtEngine.DR.Backups.Catalogs;

/// <summary>A backup's copy in one region.</summary>
/// <param name="Region">Which.</param>
/// <param name="LastModified">By the bucket's clock.</param>
/// <param name="Problem">Why it is not valid (a code and a message), null when it is.</param>
public sealed record CatalogCopy(string Region, DateTimeOffset LastModified, string? Problem);
