using System.Security.Cryptography;
using System.Text;

namespace VirtEngine.DR.Backups.Encryption;

/// <summary>Wraps data keys under 32-byte keys from files (64 hex digits or base64). The first one wraps, the others only unwrap.</summary>
public sealed class FileKeyWrapper : IKeyWrapper
{
    private const int Nonce = 12;
    private const int Tag = 16;
    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    /// <summary>Takes keys.</summary>
    /// <param name="keys">32 bytes each; the first one wraps.</param>
    /// <exception cref="BackupException"><c>key-invalid</c>.</exception>
    public FileKeyWrapper(IReadOnlyList<byte[]> keys)
    {
        if (keys.Count == 0 || keys.Any(key => key.Length != 32))
        {
            throw new BackupException(BackupErrorCodes.KeyInvalid, "a wrapping key must have 32 bytes (64 hexadecimal digits or 44 base64 characters); make one with: openssl rand -hex 32");
        }

        foreach (var key in keys)
        {
            // The id is a hash of a hash under a fixed label: it tells keys apart and says nothing of them.
            _keys[Name(key)] = [.. key];
        }

        KeyId = Name(keys[0]);
    }

    /// <inheritdoc />
    public string KeyId { get; }

    /// <summary>Reads key files. They must not be readable by others.</summary>
    /// <exception cref="BackupException"><c>key-invalid</c>, never with a byte of a key.</exception>
    public static async Task<FileKeyWrapper> LoadAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var keys = new List<byte[]>();
        foreach (var path in paths)
        {
            if (!File.Exists(path))
            {
                throw new BackupException(BackupErrorCodes.KeyInvalid, $"{path}: there is no such key file");
            }

            if ((File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite)) != 0)
            {
                throw new BackupException(BackupErrorCodes.KeyInvalid, $"{path}: others may read or change this key file; chmod 0600 it");
            }

            keys.Add(Parse((await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)).Trim(), path));
        }

        return new FileKeyWrapper(keys);
    }

    /// <inheritdoc />
    public Task<byte[]> WrapAsync(ReadOnlyMemory<byte> dataKey, string context, CancellationToken cancellationToken)
    {
        var wrapped = new byte[Nonce + dataKey.Length + Tag];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, Nonce));
        using var aes = new AesGcm(_keys[KeyId], Tag);
        aes.Encrypt(wrapped.AsSpan(0, Nonce), dataKey.Span, wrapped.AsSpan(Nonce, dataKey.Length), wrapped.AsSpan(Nonce + dataKey.Length), Encoding.UTF8.GetBytes(context));
        return Task.FromResult(wrapped);
    }

    /// <inheritdoc />
    public Task<byte[]> UnwrapAsync(string keyId, ReadOnlyMemory<byte> wrapped, string context, CancellationToken cancellationToken)
    {
        if (!_keys.TryGetValue(keyId, out var key))
        {
            throw new BackupException(BackupErrorCodes.EncryptionKeyMissing, $"the wrapping key {keyId} is not among the configured ones ({string.Join(", ", _keys.Keys)})");
        }

        if (wrapped.Length < Nonce + Tag)
        {
            throw new BackupException(BackupErrorCodes.DecryptionFailed, "a wrapped data key is too short");
        }

        var plain = new byte[wrapped.Length - Nonce - Tag];
        try
        {
            using var aes = new AesGcm(key, Tag);
            aes.Decrypt(wrapped.Span[..Nonce], wrapped.Span[Nonce..^Tag], wrapped.Span[^Tag..], plain, Encoding.UTF8.GetBytes(context));
            return Task.FromResult(plain);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new BackupException(BackupErrorCodes.DecryptionFailed, $"a data key under {keyId} does not unwrap for '{context}': changed, or of another node", e);
        }
    }

    private static byte[] Parse(string text, string path)
    {
        try
        {
            return text.Length == 64 ? Convert.FromHexString(text) : Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw new BackupException(BackupErrorCodes.KeyInvalid, $"{path}: a key file holds 64 hexadecimal digits or 44 base64 characters; make one with: openssl rand -hex 32");
        }
    }

    private static string Name(byte[] key) => "file-" + Convert.ToHexStringLower(HMACSHA256.HashData(key, "virtengine-dr key id"u8))[..16];
}
