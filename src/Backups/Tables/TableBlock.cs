using System.Buffers.Binary;

namespace VirtEngine.DR.Backups.Tables;

/// <summary>The entries of an index block: each value is a handle.</summary>
internal static class TableBlock
{
    /// <summary>Where a block's entries end and its restart points begin; null when it is not readable.</summary>
    public static int? EntriesEnd(ReadOnlySpan<byte> block)
    {
        if (block.Length < 4)
        {
            return null;
        }

        var end = block.Length - 4 - (4L * BinaryPrimitives.ReadUInt32LittleEndian(block[^4..]));
        return end < 0 ? null : (int)end;
    }

    /// <returns>Null when the block is not readable.</returns>
    public static List<BlockHandle>? Handles(ReadOnlySpan<byte> block)
    {
        if (EntriesEnd(block) is not { } end)
        {
            return null;
        }

        var rest = block[..end];
        var handles = new List<BlockHandle>();
        while (!rest.IsEmpty)
        {
            // Shared prefix, rest of the key, value: only the value matters here.
            if (!Varint.TryRead(ref rest, out _) || !Varint.TryRead(ref rest, out var key) || !Varint.TryRead(ref rest, out var value)
                || key > (ulong)rest.Length || value > (ulong)rest.Length - key)
            {
                return null;
            }

            var handle = rest.Slice((int)key, (int)value);
            if (!BlockHandle.TryRead(ref handle, out var found))
            {
                return null;
            }

            handles.Add(found);
            rest = rest[(int)(key + value)..];
        }

        return handles;
    }
}
