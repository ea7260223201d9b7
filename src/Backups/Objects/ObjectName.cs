using System.Buffers.Binary;
using System.Globalization;

namespace VirtEngine.DR.Backups.Objects;

/// <summary>
/// The name of an object: 32 bytes of the content's digest (or HMAC) and 8 random bytes of the attempt that uploaded it. No two attempts
/// use one key, so deleting a key can never hit what somebody uploaded later under the same name, versions or not. Compact, since a
/// listing may hold a million.
/// </summary>
internal readonly record struct ObjectName(ulong A, ulong B, ulong C, ulong D, ulong Attempt)
{
    private const string Folder = "objects/";
    private const int KeyLength = 8 + 2 + 1 + 64 + 1 + 16;

    public static ObjectName Of(ReadOnlySpan<byte> digest, ulong attempt) => new(
        BinaryPrimitives.ReadUInt64BigEndian(digest),
        BinaryPrimitives.ReadUInt64BigEndian(digest[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(digest[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(digest[24..]),
        attempt);

    /// <summary>The same content, whoever uploaded it.</summary>
    public ObjectName Content => this with { Attempt = 0 };

    /// <summary>The key below the node's prefix.</summary>
    public string ToKey() => string.Create(CultureInfo.InvariantCulture, $"{Folder}{A >> 56:x2}/{A:x16}{B:x16}{C:x16}{D:x16}-{Attempt:x16}");

    /// <summary>Reads a key below the node's prefix; false when it is not an object's.</summary>
    public static bool TryParse(ReadOnlySpan<char> key, out ObjectName name)
    {
        name = default;
        if (key.Length != KeyLength || !key.StartsWith(Folder, StringComparison.Ordinal) || key[10] != '/' || key[75] != '-' || !key[8..10].SequenceEqual(key[11..13]))
        {
            return false;
        }

        Span<ulong> words = stackalloc ulong[5];
        for (var i = 0; i < 4; i++)
        {
            if (!Parse(key.Slice(11 + (i * 16), 16), out words[i]))
            {
                return false;
            }
        }

        if (!Parse(key[76..], out words[4]))
        {
            return false;
        }

        name = new ObjectName(words[0], words[1], words[2], words[3], words[4]);
        return true;
    }

    private static bool Parse(ReadOnlySpan<char> hex, out ulong value)
    {
        value = 0;
        return !hex.ContainsAnyInRange('A', 'F') && ulong.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
