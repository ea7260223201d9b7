namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>A state in 32 bytes. Buckets are sorted, for which of them holds what makes no difference.</summary>
internal readonly record struct Packed(ulong A, ulong B, ulong C, ulong D)
{
    private const int Stored = 8;

    public override int GetHashCode()
    {
        var mixed = (((((A * 0x9E3779B97F4A7C15) ^ B) * 0xBF58476D1CE4E5B9) ^ C) * 0x94D049BB133111EB) ^ D;
        mixed ^= mixed >> 29;
        mixed *= 0x9E3779B97F4A7C15;
        return (int)(mixed >> 32);
    }

    public static Packed Of(World world)
    {
        Span<ulong> buckets = stackalloc ulong[World.Buckets];
        for (var b = 0; b < World.Buckets; b++)
        {
            var word = (ulong)world.Status[b];
            for (var e = 1; e < Stored; e++)
            {
                word = (word << 4) | world.At(b, e);
            }

            buckets[b] = word;
        }

        buckets.Sort();
        Span<ulong> words = stackalloc ulong[4];
        var writer = new Bits(words);
        foreach (var bucket in buckets)
        {
            writer.Write(bucket, 30);
        }

        foreach (ref var ask in world.Asks.AsSpan())
        {
            writer.Write(((ulong)ask.Phase) | ((ulong)ask.Epoch << 2) | ((ulong)ask.Target << 5) | ((ulong)ask.Floor << 7) | ((ulong)(ask.Generation == 2 ? 1 : 0) << 9)
                | ((ulong)ask.MustEnd << 10) | ((ulong)ask.Ended << 13), 16);
        }

        foreach (ref var machine in world.Machines.AsSpan())
        {
            Write(ref writer, machine.Disk);
            writer.Write((ulong)machine.Proc | (machine.Checked ? 4u : 0) | ((ulong)machine.Pending << 3) | (machine.RolledBack ? 64u : 0) | (machine.Destroyed ? 128u : 0), 8);
        }

        Write(ref writer, world.Copy);
        writer.Write((world.HasCopy ? 1u : 0) | ((ulong)world.CopyOf << 1) | ((ulong)world.LastSigned << 3) | (world.Replaced ? 32u : 0) | (world.KeyDisabled ? 64u : 0)
            | (world.LostUsed ? 128u : 0) | (world.CopyUsed ? 256u : 0) | (world.DestroyUsed ? 512u : 0) | (world.DisableUsed ? 1024u : 0), 11);
        for (var e = 1; e < Stored; e++)
        {
            writer.Write(world.Ever[e], 4);
        }

        return new Packed(words[0], words[1], words[2], words[3]);
    }

    public void Unpack(World world)
    {
        Span<ulong> words = [A, B, C, D];
        var reader = new Bits(words);
        for (var b = 0; b < World.Buckets; b++)
        {
            var word = reader.Read(30);
            for (var e = Stored - 1; e > 0; e--)
            {
                world.Set(b, e, (byte)(word & 15));
                word >>= 4;
            }

            world.Status[b] = (BucketState)word;
        }

        foreach (ref var ask in world.Asks.AsSpan())
        {
            var word = reader.Read(16);
            ask = new Ask
            {
                Phase = (AskPhase)(word & 3),
                Epoch = (byte)((word >> 2) & 7),
                Target = (byte)((word >> 5) & 3),
                Floor = (byte)((word >> 7) & 3),
                Generation = (byte)(((word >> 9) & 1) + 1),
                MustEnd = (byte)((word >> 10) & 7),
                Ended = (byte)((word >> 13) & 7),
            };
        }

        foreach (ref var machine in world.Machines.AsSpan())
        {
            machine.Disk = ReadDisk(ref reader);
            var word = reader.Read(8);
            (machine.Proc, machine.Checked, machine.Pending, machine.RolledBack, machine.Destroyed) =
                ((Proc)(word & 3), (word & 4) != 0, (byte)((word >> 3) & 7), (word & 64) != 0, (word & 128) != 0);
        }

        world.Copy = ReadDisk(ref reader);
        var flags = reader.Read(11);
        (world.HasCopy, world.CopyOf, world.LastSigned, world.Replaced, world.KeyDisabled) =
            ((flags & 1) != 0, (byte)((flags >> 1) & 3), (byte)((flags >> 3) & 3), (flags & 32) != 0, (flags & 64) != 0);
        (world.LostUsed, world.CopyUsed, world.DestroyUsed, world.DisableUsed) = ((flags & 128) != 0, (flags & 256) != 0, (flags & 512) != 0, (flags & 1024) != 0);
        for (var e = 1; e < Stored; e++)
        {
            world.Ever[e] = (byte)reader.Read(4);
        }
    }

    private static void Write(ref Bits writer, Disk disk) =>
        writer.Write((ulong)disk.Owner | ((ulong)disk.Grant << 2) | ((ulong)disk.Fence << 5) | ((ulong)disk.Hrs << 8) | ((ulong)disk.Offline << 10), 13);

    private static Disk ReadDisk(ref Bits reader)
    {
        var word = reader.Read(13);
        return new Disk { Owner = (byte)(word & 3), Grant = (byte)((word >> 2) & 7), Fence = (byte)((word >> 5) & 7), Hrs = (byte)((word >> 8) & 3), Offline = (byte)((word >> 10) & 7) };
    }

    /// <summary>Bits one after the other.</summary>
    private ref struct Bits(Span<ulong> words)
    {
        private readonly Span<ulong> words = words;
        private int at;

        public void Write(ulong value, int count)
        {
            var (word, shift) = (at >> 6, at & 63);
            words[word] |= value << shift;
            if (shift + count > 64)
            {
                words[word + 1] |= value >> (64 - shift);
            }

            at += count;
        }

        public ulong Read(int count)
        {
            var (word, shift) = (at >> 6, at & 63);
            var value = words[word] >> shift;
            if (shift + count > 64)
            {
                value |= words[word + 1] << (64 - shift);
            }

            at += count;
            return value & ((1UL << count) - 1);
        }
    }
}
