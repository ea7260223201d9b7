using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace VirtEngine.DR.Simulation.Store;

/// <summary>Reads a table; each block's checksum is checked whenever it is read.</summary>
public sealed class TableReader : IDisposable
{
    private readonly SafeFileHandle file;
    private readonly List<(byte[] Last, BlockHandle Handle)> index = [];

    /// <summary>Opens a table and reads its index.</summary>
    /// <exception cref="InvalidDataException">The footer, the index or a checksum is wrong.</exception>
    public TableReader(string path)
    {
        Path = path;
        file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);
        var length = RandomAccess.GetLength(file);
        if (length < TableWriter.FooterBytes)
        {
            throw new InvalidDataException($"table '{path}' is shorter than a footer");
        }

        Span<byte> footer = stackalloc byte[TableWriter.FooterBytes];
        RandomAccess.Read(file, footer, length - footer.Length);
        if (BinaryPrimitives.ReadUInt64LittleEndian(footer[^8..]) != TableWriter.Magic)
        {
            throw new InvalidDataException($"table '{path}' has no LevelDB footer");
        }

        var at = 0;
        BlockHandle.Read(footer, ref at);
        foreach (var (key, value) in Entries(ReadBlock(BlockHandle.Read(footer, ref at))))
        {
            var position = 0;
            index.Add((key, BlockHandle.Read(value, ref position)));
        }

        First = index.Count == 0 ? [] : Entries(ReadBlock(index[0].Handle))[0].Key;
        Last = index.Count == 0 ? [] : index[^1].Last;
    }

    /// <summary>The table's file.</summary>
    public string Path { get; }

    /// <summary>The smallest key.</summary>
    public byte[] First { get; }

    /// <summary>The largest key.</summary>
    public byte[] Last { get; }

    /// <summary>The value of a key, or null.</summary>
    public byte[]? Get(byte[] key)
    {
        var (low, high) = (0, index.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ByteOrder.Instance.Compare(index[middle].Last, key) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low == index.Count ? null : Find(ReadBlock(index[low].Handle), key);
    }

    /// <summary>All entries in key order.</summary>
    public IEnumerable<Entry> Scan() => index.SelectMany(entry => Entries(ReadBlock(entry.Handle)));

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static byte[]? Find(byte[] block, byte[] key)
    {
        var restarts = BinaryPrimitives.ReadInt32LittleEndian(block.AsSpan(^4));
        var table = block.Length - (4 * (restarts + 1));
        var (low, high) = (0, restarts);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var found = At(block, BinaryPrimitives.ReadInt32LittleEndian(block.AsSpan(table + (4 * middle))), out var value);
            var order = found.SequenceCompareTo(key);
            if (order == 0)
            {
                return value.ToArray();
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle);
        }

        return null;
    }

    private static List<Entry> Entries(byte[] block)
    {
        var restarts = BinaryPrimitives.ReadInt32LittleEndian(block.AsSpan(^4));
        var table = block.Length - (4 * (restarts + 1));
        var entries = new List<Entry>(restarts);
        for (var i = 0; i < restarts && table > 0; i++)
        {
            var key = At(block, BinaryPrimitives.ReadInt32LittleEndian(block.AsSpan(table + (4 * i))), out var value);
            entries.Add(new Entry(key.ToArray(), value.ToArray()));
        }

        return entries;
    }

    private static ReadOnlySpan<byte> At(byte[] block, int offset, out ReadOnlySpan<byte> value)
    {
        Varint.Read(block, ref offset);
        var keyLength = (int)Varint.Read(block, ref offset);
        var valueLength = (int)Varint.Read(block, ref offset);
        value = block.AsSpan(offset + keyLength, valueLength);
        return block.AsSpan(offset, keyLength);
    }

    private byte[] ReadBlock(BlockHandle handle)
    {
        var bytes = new byte[handle.Size + 5];
        if (RandomAccess.Read(file, bytes, handle.Offset) != bytes.Length
            || MaskedCrc.Of(bytes.AsSpan(0, handle.Size), bytes[handle.Size]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(handle.Size + 1)))
        {
            throw new InvalidDataException($"block at {handle.Offset} of table '{Path}' has a wrong checksum");
        }

        return bytes[..handle.Size];
    }
}
