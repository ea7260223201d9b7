using System.Buffers.Binary;
using System.Collections.Concurrent;
using ZstdSharp;

namespace VirtEngine.DR.Backups.Objects;

/// <summary>One zstd frame with its content's size, nothing before or behind it, window at most 8 MiB.</summary>
internal sealed class ZstdFrame(int level) : IDisposable
{
    private const uint Magic = 0xFD2FB528;
    private readonly ConcurrentBag<Compressor> _compressors = [];
    private readonly ConcurrentBag<Decompressor> _decompressors = [];

    /// <summary>Compresses into the buffer; the frame's length.</summary>
    public int Compress(ReadOnlySpan<byte> plain, Span<byte> stored)
    {
        if (!_compressors.TryTake(out var compressor))
        {
            compressor = new Compressor(level);
        }

        try
        {
            return compressor.Wrap(plain, stored);
        }
        finally
        {
            _compressors.Add(compressor);
        }
    }

    /// <summary>Checks the frame and decompresses it.</summary>
    /// <returns>Null when it fits, else what is wrong.</returns>
    public string? Decompress(ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        if (Problem(stored, plain.Length) is { } problem)
        {
            return problem;
        }

        if (!_decompressors.TryTake(out var decompressor))
        {
            decompressor = new Decompressor();
        }

        try
        {
            return decompressor.TryUnwrap(stored, plain, out var written) && written == plain.Length ? null : "its zstd frame is damaged";
        }
        catch (ZstdException e)
        {
            return "its zstd frame is damaged: " + e.Message;
        }
        finally
        {
            _decompressors.Add(decompressor);
        }
    }

    /// <summary>Walks the frame by its headers: what is not exactly one frame of the expected size is refused before it is decompressed.</summary>
    public static string? Problem(ReadOnlySpan<byte> stored, int plainSize)
    {
        if (stored.Length < 9 || BinaryPrimitives.ReadUInt32LittleEndian(stored) != Magic)
        {
            return "it is not a zstd frame";
        }

        var descriptor = stored[4];
        var singleSegment = (descriptor & 0x20) != 0;
        if ((descriptor & 0x08) != 0 || (descriptor & 0x03) != 0)
        {
            return "its frame uses a reserved bit or a dictionary";
        }

        var position = 5;
        if (!singleSegment)
        {
            var exponent = stored[5] >> 3;
            var window = (1L << (10 + exponent)) + (((1L << (10 + exponent)) / 8) * (stored[5] & 7));
            if (window > Limits.Window)
            {
                return $"its window of {window} bytes is larger than {Limits.Window}";
            }

            position++;
        }

        var sizeBytes = (descriptor >> 6) switch { 0 => singleSegment ? 1 : 0, 1 => 2, 2 => 4, _ => 8 };
        if (sizeBytes == 0 || stored.Length < position + sizeBytes)
        {
            return "its frame does not say how large its content is";
        }

        var field = stored.Slice(position, sizeBytes);
        var size = sizeBytes switch
        {
            1 => field[0],
            2 => (ulong)BinaryPrimitives.ReadUInt16LittleEndian(field) + 256,
            4 => BinaryPrimitives.ReadUInt32LittleEndian(field),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(field),
        };
        if (size != (ulong)plainSize)
        {
            return $"its frame says {size} bytes, the manifest {plainSize}";
        }

        position += sizeBytes;
        while (true)
        {
            if (stored.Length < position + 3)
            {
                return "its frame is cut off";
            }

            var header = stored[position] | (stored[position + 1] << 8) | (stored[position + 2] << 16);
            var kind = (header >> 1) & 3;
            if (kind == 3)
            {
                return "its frame has a reserved block";
            }

            position += 3 + (kind == 1 ? 1 : header >> 3);
            if ((header & 1) != 0)
            {
                position += (descriptor & 0x04) != 0 ? 4 : 0;
                return position == stored.Length ? null : position > stored.Length ? "its frame is cut off" : "something lies behind its frame";
            }
        }
    }

    public void Dispose()
    {
        while (_compressors.TryTake(out var compressor))
        {
            compressor.Dispose();
        }

        while (_decompressors.TryTake(out var decompressor))
        {
            decompressor.Dispose();
        }
    }
}
