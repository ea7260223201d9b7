namespace VirtEngine.DR.Backups.Encryption;

/// <summary>Wraps data keys under a key that stays elsewhere (KMS, a file, custody). Erasing a backup is destroying that key.</summary>
public interface IKeyWrapper
{
    /// <summary>Names the wrapping key; stored beside what it wraps.</summary>
    string KeyId { get; }

    /// <summary>Wraps a 32-byte data key, bound to a context that unwrapping must repeat.</summary>
    Task<byte[]> WrapAsync(ReadOnlyMemory<byte> dataKey, string context, CancellationToken cancellationToken);

    /// <summary>Unwraps; fails with <see cref="BackupException"/> <c>decryption-failed</c> when key, bytes or context do not fit.</summary>
    Task<byte[]> UnwrapAsync(string keyId, ReadOnlyMemory<byte> wrapped, string context, CancellationToken cancellationToken);
}
