using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Repositories;

namespace VirtEngine.DR.Backups.Writing;

/// <summary>Confirms by the bucket's own listing that every object is there with its size. It is the first rung, and comes before every commit.</summary>
internal static class ObjectConfirmation
{
    /// <summary>What is missing or of another size; empty when all is there.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(
        BackupRepository repository, string nodePrefix, IReadOnlyList<ManifestObject> objects, CancellationToken cancellationToken)
    {
        var needed = new Dictionary<string, int>(objects.Count, StringComparer.Ordinal);
        var packFolders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in objects)
        {
            needed[nodePrefix + item.Key] = item.Stored;
            if (item.Key.StartsWith("packs/", StringComparison.Ordinal))
            {
                packFolders.Add(nodePrefix + item.Key[..(item.Key.LastIndexOf('/') + 1)]);
            }
        }

        var problems = new List<string>();
        foreach (var prefix in packFolders.Append(RepositoryKeys.Objects(nodePrefix)))
        {
            await foreach (var info in repository.Store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                if (needed.Remove(info.Key, out var size) && info.Size != size)
                {
                    problems.Add($"{info.Key} has {info.Size} bytes and {size} are expected");
                }
            }
        }

        problems.AddRange(needed.Keys.Select(key => $"{key} is not there"));
        return problems;
    }

    /// <summary>Refuses the commit when anything is missing.</summary>
    public static async Task ConfirmAsync(BackupRepository repository, string nodePrefix, IReadOnlyList<ManifestObject> objects, CancellationToken cancellationToken)
    {
        var problems = await ProblemsAsync(repository, nodePrefix, objects, cancellationToken).ConfigureAwait(false);
        if (problems.Count > 0)
        {
            throw new BackupException(BackupErrorCodes.ObjectMissing,
                $"{repository.Store.Location}: nothing is committed, for {problems.Count} of {objects.Count} objects are not as they were written: {string.Join("; ", problems.Take(5))}");
        }
    }
}
