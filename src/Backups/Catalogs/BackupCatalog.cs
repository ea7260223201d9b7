namespace VirtEngine.DR.Backups.Catalogs;

/// <summary>What backups there are, over one or several regions.</summary>
/// <param name="sources">Each region, unreachable ones too.</param>
/// <param name="heads">What others remember as the newest, asked per scope.</param>
public sealed class BackupCatalog(IReadOnlyList<CatalogSource> sources, IReadOnlyList<IHeadSource>? heads = null)
{
    /// <summary>Every backup of the scope, newest first.</summary>
    public Task<CatalogListing> ListAsync(BackupScope scope, CancellationToken cancellationToken) => throw new NotImplementedException(sources.ToString() + heads);

    /// <summary>The backup that the selector means, with what is known to be newer.</summary>
    /// <exception cref="BackupException"><c>backup-missing</c>: the message says what there is.</exception>
    public Task<FoundBackup> FindAsync(BackupScope scope, BackupSelector selector, CancellationToken cancellationToken) => throw new NotImplementedException();
}
