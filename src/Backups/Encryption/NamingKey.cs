using System.Security.Cryptography;
using System.Text.Json;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Encryption;

/// <summary>The key under which encrypted objects are named by HMAC: a plain digest of a small file tells what is in it.</summary>
internal static class NamingKey
{
    /// <summary>Reads the node's naming key, and makes it where there is none (one winner).</summary>
    public static async Task<byte[]> GetAsync(IObjectStore store, string nodePrefix, IKeyWrapper wrapper, CancellationToken cancellationToken)
    {
        var key = RepositoryKeys.NamingKey(nodePrefix);
        var context = nodePrefix + "naming";
        var bytes = await store.ReadAllAsync(key, Limits.Small, cancellationToken).ConfigureAwait(false);
        if (bytes is null)
        {
            var wrapped = await wrapper.WrapAsync(RandomNumberGenerator.GetBytes(32), context, cancellationToken).ConfigureAwait(false);
            await store.PutAsync(key, JsonSerializer.SerializeToUtf8Bytes(new Content(1, wrapper.KeyId, wrapped), BackupJson.Options), null, cancellationToken).ConfigureAwait(false);
            bytes = await store.ReadAllAsync(key, Limits.Small, cancellationToken).ConfigureAwait(false)
                ?? throw new BackupException(BackupErrorCodes.ObjectMissing, $"{store.Location}: {key} was written and is not there");
        }

        try
        {
            var content = JsonSerializer.Deserialize<Content>(bytes, BackupJson.Options) ?? throw new JsonException("null");
            return await wrapper.UnwrapAsync(content.KeyId, content.Wrapped, context, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            throw new BackupException(BackupErrorCodes.DecryptionFailed, $"{store.Location}: {key} is not readable: {e.Message}", e);
        }
    }

    private sealed record Content(int Format, string KeyId, byte[] Wrapped);
}
