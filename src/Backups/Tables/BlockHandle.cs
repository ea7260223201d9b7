namespace VirtEngine.DR.Backups.Tables;

/// <summary>Where a block lies in its table, without its five-byte trailer.</summary>
internal readonly record struct BlockHandle(ulong Offset, ulong Size)
{
    public static bool TryRead(ref ReadOnlySpan<byte> source, out BlockHandle handle)
    {
        handle = default;
        if (!Varint.TryRead(ref source, out var offset) || !Varint.TryRead(ref source, out var size))
        {
            return false;
        }

        handle = new BlockHandle(offset, size);
        return true;
    }
}
