namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>What must hold in every state.</summary>
internal sealed class Invariants(Judge judge, Objects objects)
{
    /// <summary>What is broken; null when nothing is.</summary>
    public string? Broken(World world)
    {
        var keys = 0;
        foreach (ref var machine in world.Machines.AsSpan())
        {
            if (machine.Proc != Proc.Running || world.KeyDisabled)
            {
                continue;
            }

            keys++;
            if (machine.Disk.Hrs < world.LastSigned)
            {
                return $"{Objects.Machine(machine.Disk.Owner)} has the key with HRS {machine.Disk.Hrs}, and height {world.LastSigned} is signed already: it will vote a second time";
            }
        }

        if (keys > 1)
        {
            return "two processes have the key";
        }

        for (var epoch = 1; epoch < World.Epochs; epoch++)
        {
            var counted = MajorityAt(world, epoch);
            if (counted == Codes.Empty)
            {
                continue;
            }

            if (world.Ever[epoch] != Codes.Empty && world.Ever[epoch] != counted)
            {
                return $"two byte strings of epoch {epoch} reached a majority";
            }

            if (counted >= Codes.FirstAsk && Unfenced(world, counted) is { } machine)
            {
                return $"epoch {epoch} counts, and {Objects.Machine(machine)}, which may hold a lower one, is neither fenced nor destroyed";
            }
        }

        return null;
    }

    /// <summary>What a majority of the members holds; 0 when nothing. Lost slots never count.</summary>
    public static byte MajorityAt(World world, int epoch)
    {
        var (a, b, c) = (Held(world, 0, epoch), Held(world, 1, epoch), Held(world, 2, epoch));
        return a != Codes.Empty && (a == b || a == c) ? a : b != Codes.Empty && b == c ? b : Codes.Empty;
    }

    private static byte Held(World world, int bucket, int epoch) =>
        world.Status[bucket] is BucketState.Member or BucketState.Replacement && world.At(bucket, epoch) is var code && code < Codes.Lost ? code : Codes.Empty;

    private int? Unfenced(World world, byte code)
    {
        // Who can really hold a lower epoch, seen from outside: whoever has it, or whose object still can reach a majority. What is below an
        // epoch that counts was asked about when that epoch began to count.
        var epoch = objects.EpochOf(world, code);
        for (var at = epoch - 1; at > 0; at--)
        {
            var counted = MajorityAt(world, at) is var now && now != Codes.Empty ? now : world.Ever[at];
            for (var bucket = 0; bucket < World.Buckets && !Codes.IsHolder(counted); bucket++)
            {
                if (Held(world, bucket, at) is var held && Codes.IsHolder(held) && counted == Codes.Empty && Reach(world, at, held) >= 2 && Free(world, held, epoch) is { } other)
                {
                    return other;
                }
            }

            if (Codes.IsHolder(counted))
            {
                return Free(world, counted, epoch);
            }
        }

        return null;
    }

    private static int Reach(World world, int epoch, byte code)
    {
        var reach = 0;
        for (var bucket = 0; bucket < World.Buckets; bucket++)
        {
            reach += world.Status[bucket] is BucketState.Member or BucketState.Replacement && world.At(bucket, epoch) is var held && (held == code || held == Codes.Empty) ? 1 : 0;
        }

        return reach;
    }

    private int? Free(World world, byte code, int epoch)
    {
        var machine = objects.HolderOf(world, code);
        var state = world.Machines[machine];

        // A disk that was rolled back or overwritten has lost its fence: the gate must refuse all the same, and the first invariant sees it.
        return !state.Destroyed && !state.RolledBack && (state.Disk.Fence < epoch || (judge.HoldsLock && state.Proc != Proc.None && state.Disk.Grant < epoch)) ? machine : null;
    }
}
