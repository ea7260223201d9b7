using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>
/// Lets the state store of a stopped node rot: one bit of the app hash that it keeps. The record is written as goleveldb writes it, so that the node reads it and finds out by
/// itself what is wrong.
/// </summary>
public static class StateStore
{
    private const int Block = 32 << 10;
    private const int Header = 7;
    private const int AppHashField = 13;
    private static readonly byte[] Key = "stateKey"u8.ToArray();

    /// <summary>Flips a bit of the app hash.</summary>
    public static void FlipAppHash(string home)
    {
        string journal = Directory.EnumerateFiles(Path.Combine(home, "data", "state.db"), "*.log")
            .MaxBy(file => long.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture)) ?? throw new InvalidOperationException("state.db has no journal");
        List<byte[]> batches = [.. Records(File.ReadAllBytes(journal))];
        byte[] state = batches.SelectMany(Puts).LastOrDefault(put => put.Key.AsSpan().SequenceEqual(Key)).Value
            ?? throw new InvalidOperationException($"{journal} does not hold the state: it was rotated just now");
        state[AppHashAt(state)] ^= 1;

        // A sequence number above all others, those of an earlier flip too: of two values of a key the newer one counts.
        var batch = new MemoryStream();
        Span<byte> head = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(head, batches.Max(one => BinaryPrimitives.ReadUInt64LittleEndian(one) + BinaryPrimitives.ReadUInt32LittleEndian(one.AsSpan(8))) + (1UL << 20));
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], 1);
        batch.Write(head);
        batch.WriteByte(1);
        WriteVarint(batch, Key.Length);
        batch.Write(Key);
        WriteVarint(batch, state.Length);
        batch.Write(state);
        Append(journal, batch.ToArray());
    }

    private static IEnumerable<byte[]> Records(byte[] file)
    {
        var record = new MemoryStream();
        for (int start = 0; start < file.Length; start += Block)
        {
            int end = Math.Min(start + Block, file.Length);
            for (int at = start; at + Header <= end;)
            {
                (int length, byte type) = (BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at + 4)), file[at + 6]);
                if (type == 0 || at + Header + length > end)
                {
                    break;
                }

                record.Write(file, at + Header, length);
                at += Header + length;
                if (type is 1 or 4)
                {
                    yield return record.ToArray();
                    record.SetLength(0);
                }
            }
        }
    }

    private static IEnumerable<(byte[] Key, byte[]? Value)> Puts(byte[] batch)
    {
        for (int at = 12; at < batch.Length;)
        {
            bool put = batch[at++] == 1;
            byte[] key = Bytes(batch, ref at);
            byte[]? value = put ? Bytes(batch, ref at) : null;
            yield return (key, value);
        }
    }

    private static byte[] Bytes(byte[] from, ref int at)
    {
        int length = (int)ReadVarint(from, ref at);
        byte[] bytes = from[at..(at + length)];
        at += length;
        return bytes;
    }

    /// <summary>Where the first byte of the app hash is in CometBFT's State message.</summary>
    private static int AppHashAt(byte[] message)
    {
        for (int at = 0; at < message.Length;)
        {
            ulong tag = ReadVarint(message, ref at);
            int length = (tag & 7) switch { 0 => 0, 2 => (int)ReadVarint(message, ref at), _ => throw new InvalidOperationException($"field {tag >> 3} of the state has a type that it never had") };
            if (tag >> 3 == AppHashField)
            {
                return at;
            }

            if ((tag & 7) == 0)
            {
                ReadVarint(message, ref at);
            }

            at += length;
        }

        throw new InvalidOperationException("the state has no app hash");
    }

    private static void Append(string journal, byte[] record)
    {
        using var file = new FileStream(journal, FileMode.Append, FileAccess.Write);
        bool first = true;
        for (int at = 0; first || at < record.Length;)
        {
            int room = Block - (int)(file.Position % Block);
            if (room < Header)
            {
                file.Write(new byte[room]);
                room = Block;
            }

            int length = Math.Min(room - Header, record.Length - at);
            bool last = at + length == record.Length;
            byte[] chunk = new byte[Header + length];
            chunk[6] = (byte)(first ? (last ? 1 : 2) : last ? 4 : 3);
            record.AsSpan(at, length).CopyTo(chunk.AsSpan(Header));
            BinaryPrimitives.WriteUInt16LittleEndian(chunk.AsSpan(4), (ushort)length);
            uint crc = ~chunk.AsSpan(6).ToArray().Aggregate(~0u, BitOperations.Crc32C);
            BinaryPrimitives.WriteUInt32LittleEndian(chunk, ((crc >> 15) | (crc << 17)) + 0xa282ead8u);
            file.Write(chunk);
            (at, first) = (at + length, false);
        }
    }

    private static ulong ReadVarint(byte[] from, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = from[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private static void WriteVarint(Stream to, int value)
    {
        for (uint left = (uint)value; ; left >>= 7)
        {
            to.WriteByte((byte)(left < 0x80 ? left : (left & 0x7f) | 0x80));
            if (left < 0x80)
            {
                return;
            }
        }
    }
}
