using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace VirtEngine.DR.Backups.Tables;

/// <summary>Looks a key up in a table. Only the blocks on the way are read, each with its checksum.</summary>
internal sealed class TableLookup : IDisposable
{
    private const int FooterLength = 48;
    private const int TrailerLength = 5;
    private const int InternalSuffix = 8;
    private const ulong Magic = 0xDB4775248B80FB57;
    private const int MaxBlock = 256 << 20;
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly long _size;

    public TableLookup(string path)
    {
        _path = path;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _size = RandomAccess.GetLength(_file);
    }

    /// <summary>The newest version of the key in the table; null where it has none.</summary>
    /// <exception cref="DatabaseTornException">A block on the way is torn.</exception>
    public FoundValue? Find(byte[] key)
    {
        foreach (var (last, value) in Entries(ReadBlock(IndexHandle(), "index")))
        {
            // An index key is at or behind everything in its block.
            if (last.AsSpan(0, Math.Max(0, last.Length - InternalSuffix)).SequenceCompareTo(key) < 0)
            {
                continue;
            }

            ReadOnlySpan<byte> handle = value;
            if (!BlockHandle.TryRead(ref handle, out var block))
            {
                throw Torn("its index has an entry that is no block");
            }

            foreach (var (entry, content) in Entries(ReadBlock(block, "data")))
            {
                if (entry.Length < InternalSuffix)
                {
                    throw Torn("a key in it is too short");
                }

                switch (entry.AsSpan(0, entry.Length - InternalSuffix).SequenceCompareTo(key))
                {
                    case 0:
                        // Versions of one key stand newest first.
                        var trailer = BinaryPrimitives.ReadUInt64LittleEndian(entry.AsSpan(entry.Length - InternalSuffix));
                        return new FoundValue(trailer >> 8, (trailer & 0xFF) == 1 ? content : null);
                    case > 0:
                        return null;
                }
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private BlockHandle IndexHandle()
    {
        if (_size < FooterLength)
        {
            throw Torn($"a table has at least {FooterLength} bytes and this one {_size}");
        }

        var footer = Read(_size - FooterLength, FooterLength);
        ReadOnlySpan<byte> handles = footer.AsSpan(0, FooterLength - sizeof(ulong));
        return BinaryPrimitives.ReadUInt64LittleEndian(footer.AsSpan(FooterLength - sizeof(ulong))) == Magic
            && BlockHandle.TryRead(ref handles, out _) && BlockHandle.TryRead(ref handles, out var index)
            ? index : throw Torn("its footer is not a table's");
    }

    private byte[] ReadBlock(BlockHandle handle, string name)
    {
        if (handle.Size > MaxBlock || handle.Offset > (ulong)_size || handle.Size + TrailerLength > (ulong)_size - handle.Offset)
        {
            throw Torn($"its {name} block at {handle.Offset} with {handle.Size} bytes lies outside the file of {_size}");
        }

        var length = (int)handle.Size;
        var stored = Read((long)handle.Offset, length + TrailerLength);
        if (Crc32C.Mask(Crc32C.Compute(stored.AsSpan(0, length + 1))) != BinaryPrimitives.ReadUInt32LittleEndian(stored.AsSpan(length + 1)))
        {
            throw Torn($"its {name} block at {handle.Offset} with {length} bytes does not fit its checksum");
        }

        return stored[length] switch
        {
            0 => stored[..length],
            1 => Snappy.Decompress(stored.AsSpan(0, length), MaxBlock),
            _ => null,
        } ?? throw Torn($"its {name} block at {handle.Offset} cannot be decompressed");
    }

    private IEnumerable<(byte[] Key, byte[] Value)> Entries(byte[] block)
    {
        if (TableBlock.EntriesEnd(block) is not { } end)
        {
            throw Torn("a block in it is not readable");
        }

        byte[] key = [];
        for (var at = 0; at < end;)
        {
            ReadOnlySpan<byte> rest = block.AsSpan(at, end - at);
            if (!Varint.TryRead(ref rest, out var shared) || !Varint.TryRead(ref rest, out var fresh) || !Varint.TryRead(ref rest, out var value)
                || shared > (ulong)key.Length || fresh > (ulong)rest.Length || value > (ulong)rest.Length - fresh)
            {
                throw Torn("an entry of a block in it is not readable");
            }

            key = [.. key.AsSpan(0, (int)shared), .. rest[..(int)fresh]];
            var content = rest.Slice((int)fresh, (int)value).ToArray();
            at = end - rest.Length + (int)(fresh + value);
            yield return (key, content);
        }
    }

    private byte[] Read(long offset, int length)
    {
        var bytes = new byte[length];
        var read = 0;
        int got;
        while (read < length && (got = RandomAccess.Read(_file, bytes.AsSpan(read), offset + read)) > 0)
        {
            read += got;
        }

        return read == length ? bytes : throw Torn("it is shorter than it was a moment ago");
    }

    private DatabaseTornException Torn(string what) => new(_path, what);
}
