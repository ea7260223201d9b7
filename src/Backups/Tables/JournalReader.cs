using System.Buffers.Binary;

namespace VirtEngine.DR.Backups.Tables;

/// <summary>
/// Reads the records of a LevelDB journal (<c>*.log</c>, <c>MANIFEST-*</c>): blocks of 32 KiB, each chunk with its CRC-32C. A record that a
/// crash cut off at the very end is no damage, for it never counted; anything else that does not fit is.
/// </summary>
internal static class JournalReader
{
    private const int Block = 32 << 10;
    private const int Header = 7;
    private const int Full = 1;
    private const int First = 2;
    private const int Middle = 3;
    private const int Last = 4;
    private const int LargestRecord = 256 << 20;

    /// <summary>The records, one after the other; each is valid until the next is asked for.</summary>
    /// <exception cref="DatabaseTornException">A chunk does not fit its checksum or its neighbours.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Records(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var size = RandomAccess.GetLength(file);
        var block = new byte[Block];
        var record = new MemoryStream();
        var open = false;
        for (long start = 0; start < size; start += Block)
        {
            var length = Fill(file, block, start);
            var at = 0;
            while (at + Header <= length)
            {
                var chunk = block.AsMemory(at, length - at);
                var (type, payload) = Chunk(path, chunk, start + at, isEnd: start + length >= size);
                if (type == 0)
                {
                    break;
                }

                at += Header + payload.Length;
                if (open != (type is Middle or Last))
                {
                    throw new DatabaseTornException(path, $"its chunk at {start + at} does not follow the one before");
                }

                if (type is Full)
                {
                    yield return payload;
                    continue;
                }

                record.Write(payload.Span);
                open = type != Last;
                if (record.Length > LargestRecord)
                {
                    throw new DatabaseTornException(path, $"a record before {start + at} has more than {LargestRecord} bytes");
                }

                if (!open)
                {
                    yield return record.ToArray();
                    record.SetLength(0);
                }
            }
        }
    }

    /// <summary>A chunk; type 0 where there is none: the rest of the block is padding, or the file ends inside it.</summary>
    private static (int Type, ReadOnlyMemory<byte> Payload) Chunk(string path, ReadOnlyMemory<byte> bytes, long at, bool isEnd)
    {
        var span = bytes.Span;
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(span);
        var length = BinaryPrimitives.ReadUInt16LittleEndian(span[4..]);
        var type = span[6];
        if (crc == 0 && length == 0 && type == 0)
        {
            return span.IndexOfAnyExcept((byte)0) < 0 ? (0, default) : throw new DatabaseTornException(path, $"after {at} it is neither a chunk nor padding");
        }

        if (Header + length > span.Length)
        {
            return isEnd ? (0, default) : throw new DatabaseTornException(path, $"its chunk at {at} is longer than its block");
        }

        if (type is < Full or > Last)
        {
            throw new DatabaseTornException(path, $"its chunk at {at} is of an unknown type {type}");
        }

        return Crc32C.Mask(Crc32C.Compute(span.Slice(6, length + 1))) == crc
            ? (type, bytes.Slice(Header, length))
            : throw new DatabaseTornException(path, $"its chunk at {at} with {length} bytes does not fit its checksum");
    }

    private static int Fill(Microsoft.Win32.SafeHandles.SafeFileHandle file, byte[] block, long start)
    {
        var length = 0;
        int read;
        while (length < block.Length && (read = RandomAccess.Read(file, block.AsSpan(length), start + length)) > 0)
        {
            length += read;
        }

        return length;
    }
}
