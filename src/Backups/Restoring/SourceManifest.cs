using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>A manifest from the first source that has a good one.</summary>
internal static class SourceManifest
{
    public static async Task<VerifiedManifest> ReadAsync(IReadOnlyList<BackupRepository> sources, string manifestKey, CancellationToken cancellationToken)
    {
        var problems = new List<Exception>();
        foreach (var source in sources)
        {
            try
            {
                return await ManifestReader.ReadAnyVersionAsync(source, manifestKey, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is BackupException or ObjectStoreException)
            {
                problems.Add(e);
            }
        }

        // What a bucket says about the backup is more telling than a bucket that could not be asked or does not have it.
        var telling = problems.OfType<BackupException>().OrderBy(e => e.Code == BackupErrorCodes.ManifestMissing).FirstOrDefault();
        var message = string.Join("; ", problems.Select(e => e.Message));
        throw telling is null
            ? new BackupException(BackupErrorCodes.SourcesUnreachable, sources.Count == 0 ? "no source is configured" : message, problems.FirstOrDefault())
            : new BackupException(telling.Code, message, telling);
    }
}
