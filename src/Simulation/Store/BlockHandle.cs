namespace VirtEngine.DR.Simulation.Store;

/// <summary>Where a block lies in its table.</summary>
/// <param name="Offset">Bytes from the table's start.</param>
/// <param name="Size">Bytes without the trailer of five.</param>
internal readonly record struct BlockHandle(long Offset, int Size)
{
    public void Write(Stream to)
    {
        Varint.Write(to, (ulong)Offset);
        Varint.Write(to, (ulong)Size);
    }

    public static BlockHandle Read(ReadOnlySpan<byte> from, ref int at) => new((long)Varint.Read(from, ref at), (int)Varint.Read(from, ref at));
}
