using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Retention;

/// <summary>Object locks of a backup: until when, and on everything that it needs. Locks protect versions, so each version is locked by its id.</summary>
internal static class RetentionLock
{
    /// <summary>How far the bucket's clock is believed when it is ahead of this host's: a COMPLIANCE lock of a wrong century cannot be taken back.</summary>
    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private const int Parallelism = 8;

    /// <summary>The date of a lock. Periods of two days and more end at midnight UTC, so that the backups of one day extend each object once.</summary>
    /// <param name="period">How long at least.</param>
    /// <param name="bucketTime">What the bucket gave as the time of an object that was written just now.</param>
    /// <param name="hostTime">This host's clock, which caps the bucket's.</param>
    public static DateTimeOffset Until(TimeSpan period, DateTimeOffset bucketTime, DateTimeOffset hostTime)
    {
        var now = bucketTime > hostTime + MaxAhead ? hostTime + MaxAhead : bucketTime;
        var step = (period >= 2 * Day ? Day : TimeSpan.FromSeconds(1)).Ticks;
        return new DateTimeOffset((((now + period).UtcTicks + step - 1) / step) * step, TimeSpan.Zero);
    }

    /// <summary>
    /// Locks every version of every object of a manifest that has the right size, and what says how to read them, until the date, and
    /// reads each lock back. Comes after the objects and before the manifest, in every region.
    /// </summary>
    /// <remarks>Which version holds the right bytes is not known without reading; a wrong one of the same size is locked with it, which costs storage and no safety.</remarks>
    /// <exception cref="BackupException"><c>object-missing</c>: the bucket has no version of an object.</exception>
    /// <exception cref="ObjectStoreException">A lock could not be set, or is not there after it was set.</exception>
    public static async Task ExtendAsync(
        BackupRepository repository, string nodePrefix, IReadOnlyList<ManifestObject> objects, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        if (until is not { } date || !repository.Store.Capabilities.ObjectLock)
        {
            return;
        }

        var sizes = objects.ToDictionary(item => nodePrefix + item.Key, item => (long)item.Stored, StringComparer.Ordinal);
        var unseen = sizes.Keys.ToHashSet(StringComparer.Ordinal);
        var prefixes = objects.Where(item => item.Key.StartsWith("packs/", StringComparison.Ordinal))
            .Select(item => nodePrefix + item.Key[..(item.Key.LastIndexOf('/') + 1)])
            .Append(RepositoryKeys.Objects(nodePrefix)).Distinct(StringComparer.Ordinal);
        var versions = new List<ObjectInfo>();
        foreach (var prefix in prefixes)
        {
            await foreach (var item in repository.Store.ListVersionsAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                if (sizes.TryGetValue(item.Key, out var size) && size == item.Size)
                {
                    versions.Add(item);
                    unseen.Remove(item.Key);
                }
            }
        }

        if (unseen.Count > 0)
        {
            throw new BackupException(BackupErrorCodes.ObjectMissing, $"{repository.Store.Location}: nothing is committed, for {unseen.Count} of {sizes.Count} objects have no version to lock: {string.Join(", ", unseen.Take(5))}");
        }

        foreach (var key in new[] { RepositoryFile.Key, RepositoryKeys.NamingKey(nodePrefix) })
        {
            await foreach (var item in repository.Store.ListVersionsAsync(key, cancellationToken).ConfigureAwait(false))
            {
                if (item.Key == key)
                {
                    versions.Add(item);
                }
            }
        }

        await Parallel.ForEachAsync(
            versions,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (item, token) => await repository.Store.ExtendRetentionAsync(item.Key, item.Version, date, token).ConfigureAwait(false)).ConfigureAwait(false);
    }
}
