using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Snapshots;

namespace VirtEngine.DR.Backups.Writing;

/// <summary>Writes one backup: objects first, the manifest's conditional PUT last. Until that one nothing is visible.</summary>
/// <param name="repository">Where to.</param>
/// <param name="options">How.</param>
public sealed class BackupWriter(BackupRepository repository, WriterOptions? options = null)
{
    private readonly WriterOptions _options = options ?? new WriterOptions();

    /// <summary>Writes the snapshot. The same description with the same <see cref="BackupDescription.Id"/> again is the same backup.</summary>
    public Task<BackupResult> WriteAsync(
        ISnapshot snapshot, BackupDescription description, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotImplementedException(repository.RepositoryId + _options);
}
