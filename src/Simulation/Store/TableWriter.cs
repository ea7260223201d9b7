using System.Buffers.Binary;

namespace VirtEngine.DR.Simulation.Store;

/// <summary>Writes a table in LevelDB's framing: blocks with a type and a masked CRC32C, an index block, a footer with the magic number.</summary>
public static class TableWriter
{
    /// <summary>The last eight bytes of each table.</summary>
    public const ulong Magic = 0xdb4775248b80fb57;

    /// <summary>Bytes of the footer.</summary>
    public const int FooterBytes = 48;

    private const int BlockBytes = 4096;

    /// <summary>Writes the entries, which must be in key order.</summary>
    public static void Write(string path, IEnumerable<Entry> entries)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 64 << 10);
        using var index = new Block();
        using var block = new Block();
        byte[] last = [];
        foreach (var entry in entries)
        {
            block.Add(entry.Key, entry.Value);
            last = entry.Key;
            if (block.Size >= BlockBytes)
            {
                Flush(file, block, index, last);
            }
        }

        if (block.Size > 0)
        {
            Flush(file, block, index, last);
        }

        using var nothing = new Block();
        var meta = Emit(file, nothing.Finish());
        var root = Emit(file, index.Finish());
        using var footer = new MemoryStream(FooterBytes);
        meta.Write(footer);
        root.Write(footer);
        footer.SetLength(FooterBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(footer.GetBuffer().AsSpan(FooterBytes - 8), Magic);
        file.Write(footer.GetBuffer().AsSpan(0, FooterBytes));
    }

    private static void Flush(Stream file, Block block, Block index, byte[] last)
    {
        using var handle = new MemoryStream();
        Emit(file, block.Finish()).Write(handle);
        index.Add(last, handle.ToArray());
        block.Clear();
    }

    private static BlockHandle Emit(Stream file, byte[] block)
    {
        var handle = new BlockHandle(file.Position, block.Length);
        Span<byte> trailer = stackalloc byte[5];
        trailer[0] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[1..], MaskedCrc.Of(block, 0));
        file.Write(block);
        file.Write(trailer);
        return handle;
    }

    /// <summary>A block whose every entry is a restart point: no key shares a prefix, so that a reader may search it by halves.</summary>
    private sealed class Block : IDisposable
    {
        private readonly MemoryStream bytes = new();
        private readonly List<int> restarts = [];

        public int Size => (int)bytes.Length;

        public void Add(byte[] key, byte[] value)
        {
            restarts.Add(Size);
            Varint.Write(bytes, 0);
            Varint.Write(bytes, (ulong)key.Length);
            Varint.Write(bytes, (ulong)value.Length);
            bytes.Write(key);
            bytes.Write(value);
        }

        public byte[] Finish()
        {
            if (restarts.Count == 0)
            {
                restarts.Add(0);
            }

            Span<byte> number = stackalloc byte[4];
            foreach (var restart in restarts)
            {
                BinaryPrimitives.WriteInt32LittleEndian(number, restart);
                bytes.Write(number);
            }

            BinaryPrimitives.WriteInt32LittleEndian(number, restarts.Count);
            bytes.Write(number);
            return bytes.ToArray();
        }

        public void Dispose() => bytes.Dispose();

        public void Clear()
        {
            bytes.SetLength(0);
            restarts.Clear();
        }
    }
}
