using System.Numerics;
using System.Runtime.InteropServices;

namespace VirtEngine.DR.Simulation.Store;

/// <summary>CRC32C as LevelDB stores it: masked, for a checksum of bytes that hold checksums would be weak.</summary>
public static class MaskedCrc
{
    /// <summary>The masked checksum of the bytes and one byte behind them (a block and its type).</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, byte tail) => Mask(~BitOperations.Crc32C(Add(~0u, bytes), tail));

    /// <summary>The masked checksum of the bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Mask(~Add(~0u, bytes));

    private static uint Mask(uint crc) => BitOperations.RotateRight(crc, 15) + 0xa282ead8u;

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var single in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, single);
        }

        return crc;
    }
}
