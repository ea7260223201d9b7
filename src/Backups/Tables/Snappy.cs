namespace VirtEngine.DR.Backups.Tables;

/// <summary>Decompresses a snappy block; a table's index is one.</summary>
internal static class Snappy
{
    /// <returns>Null when the bytes are not a snappy block of at most the given size.</returns>
    public static byte[]? Decompress(ReadOnlySpan<byte> source, int maxSize)
    {
        if (!Varint.TryRead(ref source, out var size) || size > (ulong)maxSize)
        {
            return null;
        }

        var target = new byte[(int)size];
        var position = 0;
        while (!source.IsEmpty)
        {
            var tag = source[0];
            source = source[1..];
            if ((tag & 3) == 0)
            {
                if (!Literal(tag, ref source, target, ref position))
                {
                    return null;
                }
            }
            else if (!Copy(tag, ref source, target, ref position))
            {
                return null;
            }
        }

        return position == target.Length ? target : null;
    }

    private static bool Literal(byte tag, ref ReadOnlySpan<byte> source, byte[] target, ref int position)
    {
        long length = tag >> 2;
        if (length >= 60)
        {
            var bytes = (int)length - 59;
            if (source.Length < bytes)
            {
                return false;
            }

            length = 0;
            for (var i = 0; i < bytes; i++)
            {
                length |= (long)source[i] << (8 * i);
            }

            source = source[bytes..];
        }

        length++;
        if (length > source.Length || length > target.Length - position)
        {
            return false;
        }

        source[..(int)length].CopyTo(target.AsSpan(position));
        source = source[(int)length..];
        position += (int)length;
        return true;
    }

    private static bool Copy(byte tag, ref ReadOnlySpan<byte> source, byte[] target, ref int position)
    {
        var needed = (tag & 3) switch { 1 => 1, 2 => 2, _ => 4 };
        if (source.Length < needed)
        {
            return false;
        }

        var length = (tag & 3) == 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
        var offset = needed switch
        {
            1 => ((long)(tag >> 5) << 8) | source[0],
            2 => source[0] | ((long)source[1] << 8),
            _ => source[0] | ((long)source[1] << 8) | ((long)source[2] << 16) | ((long)source[3] << 24),
        };
        source = source[needed..];
        if (offset == 0 || offset > position || length > target.Length - position)
        {
            return false;
        }

        for (var i = 0; i < length; i++, position++)
        {
            // Byte by byte: a copy may overlap what it is writing.
            target[position] = target[position - (int)offset];
        }

        return true;
    }
}
