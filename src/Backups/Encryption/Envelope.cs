using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace VirtEngine.DR.Backups.Encryption;

/// <summary>
/// AES-256-GCM in segments of 1 MiB under a random data key of its own. The nonce holds the segment's index and whether it is the last,
/// the header is authenticated with each: nothing can be cut, joined, reordered or moved to another header unseen.
/// </summary>
internal static class Envelope
{
    private const int Segment = 1 << 20;
    private const int Tag = 16;

    private static ReadOnlySpan<byte> Magic => "VEDRENC1"u8;

    public static bool IsEnvelope(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>Bytes that sealing adds to a plain text, given the header's length.</summary>
    public static int SealedLength(int plain, int header) => Magic.Length + 2 + header + plain + (Tag * Math.Max(1, (plain + Segment - 1) / Segment));

    public static async Task<int> SealAsync(ReadOnlyMemory<byte> plain, Memory<byte> target, IKeyWrapper wrapper, string context, CancellationToken cancellationToken)
    {
        var dataKey = RandomNumberGenerator.GetBytes(32);
        try
        {
            var wrapped = await wrapper.WrapAsync(dataKey, context, cancellationToken).ConfigureAwait(false);
            var header = JsonSerializer.SerializeToUtf8Bytes(new Header("AES-256-GCM", context, wrapper.KeyId, Segment, wrapped), BackupJson.Options);
            return Seal(plain.Span, target.Span, dataKey, header);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>Decrypts into the target; the plain length.</summary>
    /// <exception cref="BackupException"><c>decryption-failed</c>; the target holds nothing unauthenticated then.</exception>
    public static async Task<int> OpenAsync(ReadOnlyMemory<byte> sealedBytes, Memory<byte> target, IKeyWrapper? wrapper, string context, string what, CancellationToken cancellationToken)
    {
        if (wrapper is null)
        {
            throw new BackupException(BackupErrorCodes.EncryptionKeyMissing, $"{what} is encrypted and no wrapping key is configured: give the key file or KMS key of this node");
        }

        var header = ReadHeader(sealedBytes.Span, what, out var start);
        if (header.Context != context || header.Algorithm != "AES-256-GCM" || header.Segment != Segment)
        {
            throw Failed(what, $"its header is for '{header.Context}' by {header.Algorithm}; '{context}' by AES-256-GCM is expected");
        }

        var dataKey = await wrapper.UnwrapAsync(header.KeyId, header.Wrapped, context, cancellationToken).ConfigureAwait(false);
        try
        {
            return Open(sealedBytes.Span, start, target.Span, dataKey, what);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    private static int Seal(ReadOnlySpan<byte> plain, Span<byte> target, byte[] dataKey, byte[] header)
    {
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt16LittleEndian(target[Magic.Length..], checked((ushort)header.Length));
        header.CopyTo(target[(Magic.Length + 2)..]);
        var position = Magic.Length + 2 + header.Length;
        var associated = SHA256.HashData(target[..position]);
        using var aes = new AesGcm(dataKey, Tag);
        Span<byte> nonce = stackalloc byte[12];
        long index = 0;
        do
        {
            var length = Math.Min(Segment, plain.Length);
            SetNonce(nonce, index++, length == plain.Length);
            aes.Encrypt(nonce, plain[..length], target.Slice(position, length), target.Slice(position + length, Tag), associated);
            plain = plain[length..];
            position += length + Tag;
        }
        while (plain.Length > 0);
        return position;
    }

    private static int Open(ReadOnlySpan<byte> bytes, int start, Span<byte> target, byte[] dataKey, string what)
    {
        var associated = SHA256.HashData(bytes[..start]);
        var rest = bytes[start..];
        using var aes = new AesGcm(dataKey, Tag);
        Span<byte> nonce = stackalloc byte[12];
        var written = 0;
        long index = 0;
        try
        {
            do
            {
                var length = Math.Min(Segment + Tag, rest.Length) - Tag;
                if (length < 0 || written + length > target.Length)
                {
                    throw Failed(what, "it is cut off or longer than it may be");
                }

                SetNonce(nonce, index++, length + Tag == rest.Length);
                aes.Decrypt(nonce, rest[..length], rest.Slice(length, Tag), target.Slice(written, length), associated);
                written += length;
                rest = rest[(length + Tag)..];
            }
            while (rest.Length > 0);
            return written;
        }
        catch (AuthenticationTagMismatchException e)
        {
            target[..written].Clear();
            throw new BackupException(BackupErrorCodes.DecryptionFailed, $"{what} does not decrypt: changed, cut, or under another key", e);
        }
    }

    private static void SetNonce(Span<byte> nonce, long index, bool last)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce, index);
        nonce[8] = last ? (byte)1 : (byte)0;
    }

    private static Header ReadHeader(ReadOnlySpan<byte> bytes, string what, out int start)
    {
        start = 0;
        if (!IsEnvelope(bytes) || bytes.Length < Magic.Length + 2)
        {
            throw Failed(what, "it is not an encrypted object");
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[Magic.Length..]);
        start = Magic.Length + 2 + length;
        if (bytes.Length < start)
        {
            throw Failed(what, "its header is cut off");
        }

        try
        {
            return JsonSerializer.Deserialize<Header>(bytes[(Magic.Length + 2)..start], BackupJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new BackupException(BackupErrorCodes.DecryptionFailed, $"{what}: its header is not readable: {e.Message}", e);
        }
    }

    private static BackupException Failed(string what, string why) => new(BackupErrorCodes.DecryptionFailed, $"{what} does not decrypt: {why}");

    private sealed record Header(string Algorithm, string Context, string KeyId, int Segment, byte[] Wrapped);
}
