using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Forensics;

namespace VirtEngine.DR.Activities.Forensics;

/// <summary>Where forensic copies go, and what of a run is there.</summary>
internal static class ForensicBucket
{
    /// <summary>The estate's own bucket for them, else that of the node's region; null where there is none.</summary>
    public static BucketSpec? Of(NodeSlice slice) => slice.Forensics ?? (slice.Buckets.Count > 0 ? slice.Buckets[0] : null);

    /// <summary>The bucket.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">Not configured: there is none.</exception>
    public static BucketSpec Require(NodeSlice slice) => Of(slice)
        ?? throw Failures.Permanent(ErrorTypes.NotConfigured, "the estate has no bucket for forensic copies: set forensics.bucket, or the bucket of a region");

    /// <summary>True when what is written there cannot be taken away before its time.</summary>
    public static bool IsWriteOnce(BucketSpec bucket) => bucket is { ObjectLock: true, Lock: not null };

    /// <summary>This run's committed copy; null when there is none.</summary>
    public static async Task<VerifiedManifest?> FindAsync(RepositoryAccess repositories, ForensicAct act, BucketSpec bucket, CancellationToken token)
    {
        BackupRepository repository;
        try
        {
            repository = await repositories.OpenAsync(act.Slice, bucket, token).ConfigureAwait(false);
        }
        catch (BackupException e) when (e.Code == BackupErrorCodes.RepositoryMissing)
        {
            return null;
        }

        var scope = BackupNames.Scope(act.Slice, Contracts.Backups.BackupKinds.Forensic);
        var mine = Enumerable.Range(0, ForensicRecord.MostAttempts)
            .Select(attempt => ForensicRecord.Random(act.Key.FirstRunId, act.Slice.Target.Node.Name, attempt)).ToHashSet(StringComparer.Ordinal);
        await foreach (var item in repository.Store.ListAsync(RepositoryKeys.Kind(scope), token).ConfigureAwait(false))
        {
            if (RepositoryKeys.TryParseManifest(item.Key) is not var (_, id) || !mine.Contains(id.Random))
            {
                continue;
            }

            try
            {
                return await ManifestReader.ReadAsync(repository, item.Key, token).ConfigureAwait(false);
            }
            catch (BackupException e) when (e.Code == BackupErrorCodes.BackupRevoked)
            {
                // An id that was used up inside its commit; the copy has another one.
            }
        }

        return null;
    }
}
