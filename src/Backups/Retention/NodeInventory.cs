using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Retention;

/// <summary>Every backup of a node in one bucket, and the keys that they name. What cannot be read or believed stops the collector.</summary>
internal sealed class NodeInventory
{
    /// <summary>Backups that are visible.</summary>
    public List<InventoryItem> Backups { get; } = [];

    /// <summary>Keys of manifests that were replaced by tombstones.</summary>
    public HashSet<string> Tombstones { get; } = new(StringComparer.Ordinal);

    /// <summary>Full keys that visible backups name.</summary>
    public HashSet<string> Named { get; } = new(StringComparer.Ordinal);

    /// <summary>Contents (keys less the attempt) that a backup names under a key that the listing does not have: any upload of them is needed.</summary>
    public HashSet<string> NamedContents { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads every manifest of the node again.</summary>
    public static async Task<NodeInventory> ReadAsync(BackupRepository repository, string chain, string node, CancellationToken cancellationToken)
    {
        var inventory = new NodeInventory();
        var prefix = RepositoryKeys.Node(chain, node);
        await foreach (var item in repository.Store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            if (!IsOurs(item.Key[prefix.Length..]) && RepositoryKeys.TryParseManifest(item.Key) is { } parsed)
            {
                await inventory.AddAsync(repository, parsed.Scope, parsed.Id, item, cancellationToken).ConfigureAwait(false);
            }
            else if (!IsKnown(item.Key, prefix))
            {
                throw new BackupException(BackupErrorCodes.CollectionStopped,
                    $"{repository.Store.Location}: {item.Key} is not understood; a newer program may have written it. Nothing is deleted until it is");
            }
        }

        await inventory.RefuseDeletedManifestsAsync(repository, prefix, cancellationToken).ConfigureAwait(false);
        return inventory;
    }

    /// <summary>Whether a backup needs the object.</summary>
    public bool Needs(string key) => Named.Contains(key) || (NamedContents.Count > 0 && key.Length > 16 && NamedContents.Contains(key[..^16]));

    /// <summary>Remembers which named keys the bucket does not have, so that other uploads of the content are kept for them.</summary>
    public void NoteMissing(IReadOnlySet<string> present) =>
        NamedContents.UnionWith(Named.Where(key => !present.Contains(key) && key.Contains("/objects/", StringComparison.Ordinal)).Select(key => key[..^16]));

    /// <summary>Manifests are buried, never deleted. One whose former versions are there and which itself is not was hidden by somebody else.</summary>
    private async Task RefuseDeletedManifestsAsync(BackupRepository repository, string prefix, CancellationToken cancellationToken)
    {
        if (!repository.Store.Capabilities.Versioned)
        {
            return;
        }

        var known = Backups.Select(item => item.Key).Concat(Tombstones).ToHashSet(StringComparer.Ordinal);
        await foreach (var item in repository.Store.ListVersionsAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            if (!IsOurs(item.Key[prefix.Length..]) && RepositoryKeys.TryParseManifest(item.Key) is not null && !known.Contains(item.Key)
                && await repository.Store.HeadAsync(item.Key, cancellationToken).ConfigureAwait(false) is null)
            {
                throw new BackupException(BackupErrorCodes.CollectionStopped,
                    $"{repository.Store.Location}: {item.Key} has former versions and was deleted by somebody; nothing is collected until it is restored or buried (its objects are still needed for that)");
            }
        }
    }

    private async Task AddAsync(BackupRepository repository, BackupScope scope, BackupId id, ObjectInfo item, CancellationToken cancellationToken)
    {
        try
        {
            var verified = await ManifestReader.ReadAsync(repository, item.Key, cancellationToken).ConfigureAwait(false);
            var prefix = RepositoryKeys.Node(scope);
            Named.UnionWith(verified.Manifest.Objects.Select(named => prefix + named.Key));
            Backups.Add(new InventoryItem(scope, id, item.Key, verified.Digest, item.LastModified));
        }
        catch (BackupException e) when (e.Code == BackupErrorCodes.BackupRevoked)
        {
            Tombstones.Add(item.Key);
        }
        catch (BackupException e)
        {
            throw new BackupException(BackupErrorCodes.CollectionStopped,
                $"{repository.Store.Location}: nothing is deleted, for a manifest cannot be believed and may name anything: {e.Message}", e);
        }
    }

    private static bool IsOurs(string path) => path.StartsWith("objects/", StringComparison.Ordinal) || path.StartsWith("packs/", StringComparison.Ordinal)
        || path.StartsWith("intents/", StringComparison.Ordinal) || path.StartsWith("marks/", StringComparison.Ordinal) || path.StartsWith("keys/", StringComparison.Ordinal);

    private static bool IsKnown(string key, string prefix)
    {
        var path = key[prefix.Length..];
        if (IsOurs(path))
        {
            return true;
        }

        // Signatures, countersignatures and records beside a manifest.
        var name = path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && BackupId.TryParse(name[..dot]) is not null
            && (name[dot..] == ".sig" || name[dot..].StartsWith(".csig-", StringComparison.Ordinal) || name[dot..].StartsWith(".rung-", StringComparison.Ordinal));
    }
}
