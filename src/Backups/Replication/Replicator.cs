using VirtEngine.DR.Backups.Repositories;

namespace VirtEngine.DR.Backups.Replication;

/// <summary>Copies a backup to another region's bucket. Deletions are never replicated.</summary>
/// <param name="parallelism">Objects in flight at once.</param>
/// <param name="bytesPerSecond">Limit; 0 is none.</param>
public sealed class Replicator(int parallelism = 4, long bytesPerSecond = 0)
{
    /// <summary>Copies what the target's listing lacks, commits the manifest there last, and passes rung 1 there.</summary>
    public Task<ReplicationResult> ReplicateAsync(
        BackupRepository source, BackupRepository target, string manifestKey, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotImplementedException(parallelism.ToString() + bytesPerSecond);
}
