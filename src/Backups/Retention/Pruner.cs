using VirtEngine.DR.Backups.Repositories;

namespace VirtEngine.DR.Backups.Retention;

/// <summary>Removes backups that no rule keeps, and collects the objects that no backup names. Needs credentials that may delete.</summary>
/// <param name="repository">One region's repository; each region is collected by its own manifests.</param>
/// <param name="options">What.</param>
public sealed class Pruner(BackupRepository repository, PruneOptions options)
{
    /// <summary>Prunes a node's backups of all kinds.</summary>
    /// <param name="chain">Chain id.</param>
    /// <param name="node">Node.</param>
    /// <param name="dryRun">Only say what would be done.</param>
    /// <param name="cancellationToken">Stops between deletions; running again goes on.</param>
    /// <exception cref="BackupException"><c>collection-stopped</c>: something could not be read, verified or understood; nothing more was deleted.</exception>
    public Task<PruneResult> PruneAsync(string chain, string node, bool dryRun, CancellationToken cancellationToken) => throw new NotImplementedException(repository.RepositoryId + options);
}
