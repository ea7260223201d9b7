using System.Text.Json;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Verification;

/// <summary>Records as they lie in the store.</summary>
internal static class RungRecords
{
    /// <summary>Null when it is gone or cannot be read: it proves nothing then.</summary>
    public static Task<RungRecord?> ReadAsync(IObjectStore store, string key, CancellationToken cancellationToken) => ReadAsync(store, key, null, cancellationToken);

    /// <summary>One version of a record; null is the newest.</summary>
    public static async Task<RungRecord?> ReadAsync(IObjectStore store, string key, string? version, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAllAsync(key, version, Limits.Small, cancellationToken).ConfigureAwait(false) is { } bytes ? JsonSerializer.Deserialize<RungRecord>(bytes, BackupJson.Options) : null;
        }
        catch (Exception e) when (e is JsonException or ObjectCorruptException)
        {
            return null;
        }
    }
}
