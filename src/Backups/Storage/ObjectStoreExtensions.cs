namespace VirtEngine.DR.Backups.Storage;

/// <summary>Small objects as a whole.</summary>
public static class ObjectStoreExtensions
{
    /// <summary>The object's bytes, or null when there is none.</summary>
    /// <exception cref="ObjectCorruptException">It is larger than <paramref name="maxBytes"/>.</exception>
    public static Task<byte[]?> ReadAllAsync(this IObjectStore store, string key, int maxBytes, CancellationToken cancellationToken) =>
        store.ReadAllAsync(key, null, maxBytes, cancellationToken);

    /// <summary>The bytes of one version, or null when there is none.</summary>
    /// <exception cref="ObjectCorruptException">It is larger than <paramref name="maxBytes"/>.</exception>
    public static async Task<byte[]?> ReadAllAsync(this IObjectStore store, string key, string? version, int maxBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var stream = await store.OpenAsync(key, version, cancellationToken).ConfigureAwait(false);
        if (stream is null)
        {
            return null;
        }

        await using (stream.ConfigureAwait(false))
        {
            using var buffer = new MemoryStream();
            var chunk = new byte[64 * 1024];
            while (true)
            {
                var read = await stream.ReadAsync(chunk, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return buffer.ToArray();
                }

                if (buffer.Length + read > maxBytes)
                {
                    throw new ObjectCorruptException(key, $"{store.Location}: {key} is larger than the {maxBytes} bytes that it may have");
                }

                buffer.Write(chunk, 0, read);
            }
        }
    }
}
