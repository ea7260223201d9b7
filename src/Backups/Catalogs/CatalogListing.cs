namespace VirtEngine.DR.Backups.Catalogs;

/// <summary>What is known of a scope's backups.</summary>
/// <param name="Entries">Newest first.</param>
/// <param name="Unreachable">Each region that could not be asked, with the reason.</param>
public sealed record CatalogListing(IReadOnlyList<CatalogEntry> Entries, IReadOnlyDictionary<string, string> Unreachable);
