using System.Buffers.Binary;

namespace VirtEngine.DR.Backups.Tables;

/// <summary>
/// Checks every block of a LevelDB table (goleveldb's <c>*.ldb</c>) by its CRC-32C. A node starts happily on tables with rot in old
/// blocks, and every later backup would inherit it; so it is found when a table is first read. Data blocks are not decompressed: the
/// checksum covers the stored bytes.
/// </summary>
internal static class LevelDbTableCheck
{
    private const int FooterLength = 48;
    private const int TrailerLength = 5;
    private const ulong Magic = 0xDB4775248B80FB57;
    private const int MaxIndex = 256 << 20;

    /// <summary>Checks a table in memory.</summary>
    /// <returns>Null when all blocks fit, else what does not.</returns>
    public static string? Problem(ReadOnlyMemory<byte> table) => Problem(table.Length, (offset, length) => table.Slice((int)offset, length));

    /// <summary>Checks a table that is read piece by piece.</summary>
    /// <param name="size">Of the table.</param>
    /// <param name="read">Gives exactly the bytes asked for, valid until the next call.</param>
    public static string? Problem(long size, Func<long, int, ReadOnlyMemory<byte>> read)
    {
        if (size < FooterLength)
        {
            return $"a table has at least {FooterLength} bytes and this one {size}";
        }

        var footer = read(size - FooterLength, FooterLength).ToArray();
        if (BinaryPrimitives.ReadUInt64LittleEndian(footer.AsSpan(40)) != Magic)
        {
            return "its footer is not a table's";
        }

        ReadOnlySpan<byte> handles = footer.AsSpan(0, 40);
        if (!BlockHandle.TryRead(ref handles, out var meta) || !BlockHandle.TryRead(ref handles, out var index))
        {
            return "its footer's handles are not readable";
        }

        return CheckIndex(meta, "meta index", size, read) ?? CheckIndex(index, "index", size, read);
    }

    /// <summary>Checks an index block and each block that it points to.</summary>
    private static string? CheckIndex(BlockHandle handle, string name, long size, Func<long, int, ReadOnlyMemory<byte>> read)
    {
        if (BlockProblem(handle, name, size, read, out var stored) is { } problem)
        {
            return problem;
        }

        var content = stored[^TrailerLength] switch
        {
            0 => stored[..^TrailerLength],
            1 => Snappy.Decompress(stored.AsSpan(0, stored.Length - TrailerLength), MaxIndex),
            2 => Zstd(stored.AsSpan(0, stored.Length - TrailerLength)),
            _ => null,
        };
        if (content is null)
        {
            return $"its {name} block cannot be decompressed";
        }

        if (TableBlock.Handles(content) is not { } handles)
        {
            return $"its {name} block is not readable";
        }

        foreach (var block in handles)
        {
            if (BlockProblem(block, name == "index" ? "data" : "filter", size, read, out _) is { } blockProblem)
            {
                return blockProblem;
            }
        }

        return null;
    }

    private static string? BlockProblem(BlockHandle handle, string name, long size, Func<long, int, ReadOnlyMemory<byte>> read, out byte[] stored)
    {
        stored = [];
        if (handle.Size > int.MaxValue - TrailerLength || handle.Offset > (ulong)size || handle.Size + TrailerLength > (ulong)size - handle.Offset)
        {
            return $"its {name} block at {handle.Offset} with {handle.Size} bytes lies outside the file of {size}";
        }

        var length = (int)handle.Size;
        var bytes = read((long)handle.Offset, length + TrailerLength);
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[(length + 1)..]);
        if (Crc32C.Mask(Crc32C.Compute(bytes.Span[..(length + 1)])) != expected)
        {
            return $"its {name} block at {handle.Offset} with {length} bytes does not fit its checksum";
        }

        if (name is "index" or "meta index")
        {
            stored = bytes.ToArray();
        }

        return null;
    }

    private static byte[]? Zstd(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var decompressor = new ZstdSharp.Decompressor();
            return decompressor.Unwrap(bytes, MaxIndex).ToArray();
        }
        catch (ZstdSharp.ZstdException)
        {
            // The caller says that the block cannot be decompressed.
            return null;
        }
    }
}
