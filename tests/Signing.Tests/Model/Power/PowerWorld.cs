namespace VirtEngine.DR.Signing.Tests.Model.Power;

/// <summary>How far a run is.</summary>
internal enum RunPhase : byte
{
    /// <summary>Asks for its reservation.</summary>
    Asking,

    /// <summary>It counts, and was judged once more.</summary>
    Reserved,

    /// <summary>Its validator is stopped.</summary>
    Acted,

    /// <summary>Its validator signs again.</summary>
    Back,

    /// <summary>Its end is written, or on the way.</summary>
    Ended,

    /// <summary>It ended without a word.</summary>
    Crashed,
}

/// <summary>One state: the buckets, the runs, what is on the way to the buckets, and who signs.</summary>
internal sealed class PowerWorld(PowerScope scope)
{
    public const int Buckets = 3;
    private const int PerPending = 4;
    private readonly byte[] _bytes = new byte[1 + (Buckets * scope.Slots) + (scope.Asks * 6) + (scope.Asks * 2 * PerPending)];

    public byte Height { get => _bytes[0]; set => _bytes[0] = value; }

    /// <summary>What a bucket holds: 0 nothing, 1 a void, else an object's code.</summary>
    public ref byte At(int bucket, int slot) => ref _bytes[1 + (bucket * scope.Slots) + slot - 1];

    public RunPhase Phase(int ask) => (RunPhase)Run(ask, 0);

    public void Phase(int ask, RunPhase phase) => Run(ask, 0) = (byte)phase;

    public ref byte Puts(int ask) => ref Run(ask, 1);

    /// <summary>1: its validator is stopped.</summary>
    public ref byte Stopped(int ask) => ref Run(ask, 2);

    /// <summary>The highest block that its validator signed.</summary>
    public ref byte Signed(int ask) => ref Run(ask, 3);

    /// <summary>1: a crashed run's act may still land, up to one block after <see cref="CrashedAt"/>.</summary>
    public ref byte Late(int ask) => ref Run(ask, 4);

    public ref byte CrashedAt(int ask) => ref Run(ask, 5);

    /// <summary>An object on the way: bucket mask, slot, code. Each ask has two, so that a former one may land late.</summary>
    public Span<byte> Pending(int ask, int which) => _bytes.AsSpan(1 + (Buckets * scope.Slots) + (scope.Asks * 6) + (((ask * 2) + which) * PerPending), PerPending);

    /// <summary>
    /// One world for all that differ in nothing that matters: buckets are alike but for what they hold and what is on the way to them, and what
    /// arrives at a full slot changes nothing.
    /// </summary>
    public PowerWorld Normal()
    {
        var normal = Copy();
        for (var pending = 0; pending < scope.Asks * 2; pending++)
        {
            var one = normal.Pending(pending / 2, pending % 2);
            for (var bucket = 0; bucket < Buckets && one[0] != 0; bucket++)
            {
                one[0] &= (byte)(normal.At(bucket, one[1]) != 0 ? ~(1 << bucket) : 0xFF);
            }

            if (one[0] == 0)
            {
                one.Clear();
            }
        }

        Span<ulong> weight = stackalloc ulong[Buckets];
        Span<int> order = [0, 1, 2];
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            weight[bucket] = Weight(normal, bucket);
        }

        weight.Sort(order);
        var sorted = normal.Copy();
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            for (var slot = 1; slot <= scope.Slots; slot++)
            {
                sorted.At(bucket, slot) = normal.At(order[bucket], slot);
            }

            for (var pending = 0; pending < scope.Asks * 2; pending++)
            {
                var bit = normal.Pending(pending / 2, pending % 2)[0] >> order[bucket] & 1;
                ref var mask = ref sorted.Pending(pending / 2, pending % 2)[0];
                mask = (byte)((mask & ~(1 << bucket)) | (bit << bucket));
            }
        }

        return sorted;
    }

    private ulong Weight(PowerWorld world, int bucket)
    {
        ulong weight = 0;
        for (var slot = 1; slot <= scope.Slots; slot++)
        {
            weight = (weight << 8) | world.At(bucket, slot);
        }

        for (var pending = 0; pending < scope.Asks * 2; pending++)
        {
            weight = (weight << 1) | (uint)(world.Pending(pending / 2, pending % 2)[0] >> bucket & 1);
        }

        return weight;
    }

    public string Key() => string.Create(_bytes.Length, _bytes, static (chars, bytes) =>
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            chars[i] = (char)bytes[i];
        }
    });

    public PowerWorld Copy()
    {
        var copy = new PowerWorld(scope);
        _bytes.CopyTo(copy._bytes, 0);
        return copy;
    }

    public static PowerWorld Of(PowerScope scope, string key)
    {
        var world = new PowerWorld(scope);
        for (var i = 0; i < key.Length; i++)
        {
            world._bytes[i] = (byte)key[i];
        }

        return world;
    }

    private ref byte Run(int ask, int field) => ref _bytes[1 + (Buckets * scope.Slots) + (ask * 6) + field];
}
