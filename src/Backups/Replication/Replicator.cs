using System.Diagnostics;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Retention;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Writing;

namespace VirtEngine.DR.Backups.Replication;

/// <summary>Copies a backup to another region's bucket. Deletions are never replicated.</summary>
/// <remarks>It announces, reads marks, copies, confirms and commits like a backup does, so the target's collector treats it like one.</remarks>
/// <param name="parallelism">Objects in flight at once.</param>
/// <param name="bytesPerSecond">Limit; 0 is none.</param>
/// <param name="lockFor">Lock what is written, and extend what is there, for this long by the target's clock, where the target has object lock.</param>
public sealed class Replicator(int parallelism = 4, long bytesPerSecond = 0, TimeSpan? lockFor = null)
{
    /// <summary>Copies what the target's listing lacks, commits the manifest there last, and passes rung 1 there.</summary>
    /// <exception cref="BackupException"><c>object-marked</c>: the target's collector is about to delete an object that is needed; try again after it.
    /// <c>backup-revoked</c>: the target pruned this backup. <c>object-corrupt</c>: the source's or the target's copy is damaged.</exception>
    public async Task<ReplicationResult> ReplicateAsync(
        BackupRepository source, BackupRepository target, string manifestKey, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        if (source.RepositoryId == target.RepositoryId)
        {
            throw new BackupException(BackupErrorCodes.OptionsInvalid, $"{source.Store.Location} and {target.Store.Location} are the same repository {source.RepositoryId}: a replica must be in another bucket");
        }

        var verified = await ManifestReader.ReadAsync(source, manifestKey, cancellationToken).ConfigureAwait(false);
        var scope = verified.Manifest.Scope();
        var nodePrefix = RepositoryKeys.Node(scope);
        var commit = new ManifestCommit(target, scope, verified.Id, encrypted: false, lockFor);
        if (await target.Store.HeadAsync(manifestKey, cancellationToken).ConfigureAwait(false) is not null)
        {
            var there = await ManifestReader.ReadAsync(target, manifestKey, cancellationToken).ConfigureAwait(false);
            await ConfirmAsync(target, nodePrefix, there.Manifest, cancellationToken).ConfigureAwait(false);
            return new ReplicationResult(target.Options.Region, manifestKey, 0, 0, there.Manifest.Objects.Count, true, Stopwatch.GetElapsedTime(started));
        }

        var retainUntil = await commit.AnnounceAsync(cancellationToken).ConfigureAwait(false);
        var marked = await Mark.ReadKeysAsync(target.Store, nodePrefix, cancellationToken).ConfigureAwait(false);
        var missing = await MissingAsync(target, nodePrefix, verified.Manifest, marked, cancellationToken).ConfigureAwait(false);
        var bytes = await CopyAsync(source, target, nodePrefix, missing, retainUntil, progress, cancellationToken).ConfigureAwait(false);
        await CopyNamingKeyAsync(source, target, nodePrefix, cancellationToken).ConfigureAwait(false);
        await ConfirmAsync(target, nodePrefix, verified.Manifest, cancellationToken).ConfigureAwait(false);
        await RetentionLock.ExtendAsync(target, nodePrefix, verified.Manifest.Objects, retainUntil, cancellationToken).ConfigureAwait(false);

        var manifest = await source.Store.ReadAllAsync(manifestKey, Limits.Manifest, cancellationToken).ConfigureAwait(false);
        var signature = await source.Store.ReadAllAsync(RepositoryKeys.Signature(manifestKey), Limits.Small, cancellationToken).ConfigureAwait(false);
        if (manifest is null || signature is null || Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(manifest)) != verified.Digest)
        {
            throw new BackupException(BackupErrorCodes.ManifestMissing, $"{source.Store.Location}: {manifestKey} was removed or changed while it was copied");
        }

        await CopyCountersignaturesAsync(source, target, manifestKey, cancellationToken).ConfigureAwait(false);
        await commit.CommitBytesAsync(manifest, signature, cancellationToken).ConfigureAwait(false);
        await ManifestReader.ReadAsync(target, manifestKey, cancellationToken).ConfigureAwait(false);
        return new ReplicationResult(
            target.Options.Region, manifestKey, missing.Count, bytes, verified.Manifest.Objects.Count - missing.Count, false, Stopwatch.GetElapsedTime(started));
    }

    private static Task ConfirmAsync(BackupRepository target, string nodePrefix, Manifest manifest, CancellationToken cancellationToken) =>
        ObjectConfirmation.ConfirmAsync(target, nodePrefix, manifest.Objects, cancellationToken);

    private static async Task<List<ManifestObject>> MissingAsync(
        BackupRepository target, string nodePrefix, Manifest manifest, HashSet<string> marked, CancellationToken cancellationToken)
    {
        var needed = manifest.Objects.ToDictionary(item => nodePrefix + item.Key, StringComparer.Ordinal);
        if (needed.Keys.FirstOrDefault(marked.Contains) is { } doomed)
        {
            // A replica cannot take another key, for the manifest is signed; so it waits until the collection is through.
            throw new BackupException(BackupErrorCodes.ObjectMarked, $"{target.Store.Location}: {doomed} is marked for deletion; run the collection there to its end (backup prune) and replicate again");
        }

        foreach (var prefix in new[] { RepositoryKeys.Objects(nodePrefix), RepositoryKeys.Packs(nodePrefix) })
        {
            await foreach (var info in target.Store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                if (needed.TryGetValue(info.Key, out var item) && info.Size == item.Stored)
                {
                    needed.Remove(info.Key);
                }
            }
        }

        return [.. needed.Values];
    }

    private async Task<long> CopyAsync(
        BackupRepository source, BackupRepository target, string nodePrefix, List<ManifestObject> missing, DateTimeOffset? retainUntil, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        long bytes = 0;
        var done = 0;
        var total = missing.Sum(item => (long)item.Stored);
        var buffers = new BufferPool();
        var limiter = new RateLimiter(bytesPerSecond, source.Options.Time);
        await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken }, async (item, token) =>
        {
            var buffer = buffers.Rent();
            try
            {
                await limiter.WaitAsync(item.Stored, token).ConfigureAwait(false);
                await ReadStoredAsync(source, nodePrefix + item.Key, item, buffer, token).ConfigureAwait(false);
                var outcome = await target.Store.PutAsync(nodePrefix + item.Key, buffer.AsMemory(0, item.Stored), new PutOptions(RetainUntil: retainUntil), token).ConfigureAwait(false);
                if (outcome == PutOutcome.Exists && (await target.Store.HeadAsync(nodePrefix + item.Key, token).ConfigureAwait(false))?.Size != item.Stored)
                {
                    throw new ObjectCorruptException(item.Key, $"{target.Store.Location}: {nodePrefix}{item.Key} is there with another size, and objects are never overwritten: delete that one by hand and replicate again");
                }
            }
            finally
            {
                buffers.Return(buffer);
            }

            progress?.Report(new TransferProgress("transfer", Interlocked.Increment(ref done), missing.Count, Interlocked.Add(ref bytes, item.Stored), total));
        }).ConfigureAwait(false);
        return bytes;
    }

    private static async Task ReadStoredAsync(BackupRepository source, string key, ManifestObject item, byte[] buffer, CancellationToken cancellationToken)
    {
        var stream = await source.Store.OpenAsync(key, null, cancellationToken).ConfigureAwait(false)
            ?? throw new BackupException(BackupErrorCodes.ObjectMissing, $"{source.Store.Location}: {key} is not there; verify this backup before it is replicated");
        await using (stream.ConfigureAwait(false))
        {
            var length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, item.Stored + 1), item.Stored + 1, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (length != item.Stored)
            {
                throw new ObjectCorruptException(key, $"{source.Store.Location}: {key} has not the {item.Stored} bytes that the manifest names; verify this backup before it is replicated");
            }
        }
    }

    private static async Task CopyNamingKeyAsync(BackupRepository source, BackupRepository target, string nodePrefix, CancellationToken cancellationToken)
    {
        var key = RepositoryKeys.NamingKey(nodePrefix);
        if (await source.Store.ReadAllAsync(key, Limits.Small, cancellationToken).ConfigureAwait(false) is { } bytes)
        {
            // Whichever is there first stays: it only names what that bucket's own backups upload.
            await target.Store.PutAsync(key, bytes, null, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task CopyCountersignaturesAsync(BackupRepository source, BackupRepository target, string manifestKey, CancellationToken cancellationToken)
    {
        await foreach (var item in source.Store.ListAsync(RepositoryKeys.Countersignatures(manifestKey), cancellationToken).ConfigureAwait(false))
        {
            if (await source.Store.ReadAllAsync(item.Key, Limits.Small, cancellationToken).ConfigureAwait(false) is { } bytes)
            {
                await target.Store.PutAsync(item.Key, bytes, null, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
