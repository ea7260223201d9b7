using System.Buffers.Binary;

namespace VirtEngine.DR.Backups.Tables;

/// <summary>Checks a file of CometBFT's consensus WAL: CRC-32C, length, message, one after the other. A message that is cut off at the end is what a crash leaves.</summary>
public static class WalScan
{
    private const int Header = 8;

    /// <summary>Blocks of up to 100 MB are possible, their parts are 64 KiB; nothing in a WAL is larger than this.</summary>
    private const uint Largest = 16 << 20;

    /// <summary>What is wrong with the file, or null.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string? Problem(string path, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 1 << 20 });
        var header = new byte[Header];
        long at = 0;
        while (file.ReadAtLeast(header, Header, throwOnEndOfStream: false) == Header)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
            if (length is 0 or > Largest)
            {
                return $"its message at {at} says that it has {length} bytes";
            }

            var message = new byte[length];
            if (file.ReadAtLeast(message, message.Length, throwOnEndOfStream: false) < message.Length)
            {
                return null;
            }

            if (Crc32C.Compute(message) != BinaryPrimitives.ReadUInt32BigEndian(header))
            {
                return $"its message at {at} with {length} bytes does not fit its checksum";
            }

            at += Header + length;
        }

        return null;
    }
}
