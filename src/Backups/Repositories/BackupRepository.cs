using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Repositories;

/// <summary>A bucket (or folder) with backups in it, known by the random id in its <c>repository.json</c>.</summary>
public sealed class BackupRepository
{
    private BackupRepository(IObjectStore store, RepositoryOptions options, string repositoryId)
    {
        Store = store;
        Options = options;
        RepositoryId = repositoryId;
    }

    /// <summary>Where its objects are.</summary>
    public IObjectStore Store { get; }

    /// <summary>What it was opened with.</summary>
    public RepositoryOptions Options { get; }

    /// <summary>The random id of this bucket's repository.</summary>
    public string RepositoryId { get; }

    /// <summary>Opens a repository that exists.</summary>
    /// <exception cref="BackupException"><c>repository-missing</c> or <c>repository-unreadable</c>.</exception>
    public static async Task<BackupRepository> OpenAsync(IObjectStore store, RepositoryOptions options, CancellationToken cancellationToken)
    {
        var id = await RepositoryFile.ReadAsync(store, cancellationToken).ConfigureAwait(false)
            ?? throw new BackupException(BackupErrorCodes.RepositoryMissing,
                $"{store.Location} holds no repository.json. Is it the right bucket and prefix? A new one is made by the first backup or by CreateAsync");
        return new BackupRepository(store, options, id);
    }

    /// <summary>Opens the repository, or makes one where there is none. Of two that make it at once, both open the winner's.</summary>
    public static async Task<BackupRepository> CreateAsync(IObjectStore store, RepositoryOptions options, CancellationToken cancellationToken) =>
        new(store, options, await RepositoryFile.CreateAsync(store, options.Time, cancellationToken).ConfigureAwait(false));
}
