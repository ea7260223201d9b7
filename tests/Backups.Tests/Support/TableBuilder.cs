using System.Buffers.Binary;
using VirtEngine.DR.Backups.Tables;

namespace VirtEngine.DR.Backups.Tests.Support;

/// <summary>Builds LevelDB tables as goleveldb lays them out: data blocks, filter, meta index, index (optionally snappy), footer.</summary>
public static class TableBuilder
{
    public static byte[] Build(int blocks, int blockSize, bool snappyIndex, int seed = 1)
    {
        var random = new Random(seed);
        var table = new MemoryStream();
        var handles = new List<(string Key, ulong Offset, ulong Size)>();
        for (var i = 0; i < blocks; i++)
        {
            var block = new byte[blockSize];
            random.NextBytes(block);
            handles.Add(($"key{i:d8}", (ulong)table.Position, (ulong)blockSize));
            WriteBlock(table, block, 1);
        }

        var filter = (ulong)table.Position;
        WriteBlock(table, new byte[100], 0);
        var meta = WriteIndex(table, [("filter.leveldb.BuiltinBloomFilter2", filter, 100)], false);
        var index = WriteIndex(table, handles, snappyIndex);
        var footer = new MemoryStream();
        WriteVarint(footer, meta.Offset);
        WriteVarint(footer, meta.Size);
        WriteVarint(footer, index.Offset);
        WriteVarint(footer, index.Size);
        footer.SetLength(40);
        table.Write(footer.ToArray());
        var magic = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(magic, 0xDB4775248B80FB57);
        table.Write(magic);
        return table.ToArray();
    }

    private static (ulong Offset, ulong Size) WriteIndex(MemoryStream table, List<(string Key, ulong Offset, ulong Size)> handles, bool snappy)
    {
        var block = new MemoryStream();
        foreach (var (key, offset, size) in handles)
        {
            var value = new MemoryStream();
            WriteVarint(value, offset);
            WriteVarint(value, size);
            WriteVarint(block, 0);
            WriteVarint(block, (ulong)key.Length);
            WriteVarint(block, (ulong)value.Length);
            block.Write(System.Text.Encoding.ASCII.GetBytes(key));
            block.Write(value.ToArray());
        }

        block.Write([0, 0, 0, 0, 1, 0, 0, 0]);
        var bytes = snappy ? Snappy(block.ToArray()) : block.ToArray();
        var at = (ulong)table.Position;
        WriteBlock(table, bytes, snappy ? (byte)1 : (byte)0);
        return (at, (ulong)bytes.Length);
    }

    /// <summary>Valid snappy made of literals of at most 60 bytes.</summary>
    private static byte[] Snappy(byte[] plain)
    {
        var output = new MemoryStream();
        WriteVarint(output, (ulong)plain.Length);
        foreach (var chunk in plain.Chunk(60))
        {
            output.WriteByte((byte)((chunk.Length - 1) << 2));
            output.Write(chunk);
        }

        return output.ToArray();
    }

    private static void WriteBlock(MemoryStream table, byte[] bytes, byte type)
    {
        byte[] content = [.. bytes, type];
        var crc = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(crc, Crc32C.Mask(Crc32C.Compute(content)));
        table.Write(content);
        table.Write(crc);
    }

    private static void WriteVarint(MemoryStream target, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            target.WriteByte((byte)(value | 0x80));
        }

        target.WriteByte((byte)value);
    }
}
