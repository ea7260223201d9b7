using System.Text.Json;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Retention;

/// <summary>What a collector is about to delete: exactly these versions of these keys.</summary>
/// <param name="Format">1.</param>
/// <param name="Objects">Keys with versions, sizes for the report.</param>
internal sealed record Mark(int Format, IReadOnlyList<MarkedObject> Objects)
{
    /// <summary>Every marked key of a node. A mark that cannot be read stops the reader: it may name anything.</summary>
    public static async Task<HashSet<string>> ReadKeysAsync(IObjectStore store, string nodePrefix, CancellationToken cancellationToken)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in store.ListAsync(RepositoryKeys.Marks(nodePrefix), cancellationToken).ConfigureAwait(false))
        {
            if (item.Key.EndsWith(".json", StringComparison.Ordinal) && await ReadAsync(store, item.Key, cancellationToken).ConfigureAwait(false) is { } mark)
            {
                keys.UnionWith(mark.Objects.Select(marked => marked.Key));
            }
        }

        return keys;
    }

    /// <summary>One mark; null when it is gone (its collection has ended).</summary>
    public static async Task<Mark?> ReadAsync(IObjectStore store, string key, CancellationToken cancellationToken)
    {
        if (await store.ReadAllAsync(key, Limits.Mark, cancellationToken).ConfigureAwait(false) is not { } bytes)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Mark>(bytes, BackupJson.Options) is { Format: 1 } mark ? mark : throw new JsonException("its format is not 1");
        }
        catch (JsonException e)
        {
            throw new BackupException(BackupErrorCodes.CollectionStopped, $"{store.Location}: mark {key} cannot be understood ({e.Message}); look at it and remove it by hand when no collector is running", e);
        }
    }
}
