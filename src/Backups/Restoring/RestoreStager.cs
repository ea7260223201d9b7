using VirtEngine.DR.Backups.Repositories;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>Rebuilds a backup's files in a new folder, whole and fsynced, or not at all; resumes after a crash.</summary>
/// <param name="options">How.</param>
public sealed class RestoreStager(RestoreOptions? options = null)
{
    private readonly RestoreOptions _options = options ?? new RestoreOptions();

    /// <summary>Stages the backup below <paramref name="targetParentFolder"/>, taking each object from the first source whose bytes fit.</summary>
    public Task<StagedRestore> StageAsync(
        IReadOnlyList<BackupRepository> sources, string manifestKey, string targetParentFolder, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotImplementedException(_options.ToString());
}
