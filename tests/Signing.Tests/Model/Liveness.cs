namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>From any state: everybody answers, one asker runs alone. A grant must follow.</summary>
internal sealed class Liveness(Bounds bounds, Judge judge, Objects objects)
{
    private const int All = (1 << World.Buckets) - 1;

    /// <summary>What stays stuck; null when nothing does.</summary>
    public string? Stuck(World world) => Restarts(world) ?? Enumerable.Range(0, bounds.Machines)
        .Where(target => !world.Machines[target].Destroyed && world.Machines[target].Disk.Owner == target)
        .Select(target => Grant(world, (byte)target)).FirstOrDefault(stuck => stuck is not null);

    /// <summary>A restart in the same boot asks nobody.</summary>
    private string? Restarts(World world)
    {
        for (var machine = 0; machine < bounds.Machines; machine++)
        {
            var state = world.Machines[machine];
            if (state is { Proc: Proc.None, Checked: true, Destroyed: false } && state.Disk.Grant > 0 && state.Disk.Grant >= state.Disk.Fence
                && judge.Gate(world, 0, machine, looks: false, rpcs: false) != GateVerdict.Start)
            {
                return $"{Objects.Machine(machine)} crashed and does not start again in the same boot without asking somebody";
            }
        }

        return null;
    }

    private string? Grant(World from, byte target)
    {
        var world = new World(bounds.Machines, bounds.Asks + 1);
        from.CopyTo(world);
        if (!judge.Answers(world, All))
        {
            return null;
        }

        var highest = Enumerable.Range(1, World.Epochs - 1).Where(epoch => Enumerable.Range(0, World.Buckets).Any(bucket => world.At(bucket, epoch) != Codes.Empty)).Max();
        var epoch = judge.NextEpoch(world, All);
        if (epoch > highest + 2)
        {
            return $"epoch {epoch} is asked for, and {highest} is the highest that is filled";
        }

        Each(world, bucket => Enumerable.Range(1, epoch - 1).Where(at => world.At(bucket, at) == Codes.Empty).ToList().ForEach(at => world.Set(bucket, at, Codes.Void)));
        if (!judge.Seals(world, All, epoch))
        {
            return $"the seal below epoch {epoch} does not hold though everything is filled";
        }

        var must = judge.MustEnd(world, All, epoch);
        for (byte machine = 0; machine < bounds.Machines; machine++)
        {
            if ((must >> machine & 1) != 0 && End(world, machine, epoch) is { } stuck)
            {
                return stuck;
            }
        }

        world.Asks[^1] = new Ask { Phase = AskPhase.Putting, Epoch = (byte)epoch, Target = target, Floor = world.LastSigned, Generation = world.Generation, MustEnd = must, Ended = must };
        Each(world, bucket => world.Set(bucket, epoch, Codes.Extra));
        ref var granted = ref world.Machines[target];
        if (!judge.MayRecord(world, All, target, Codes.Extra))
        {
            return $"{Objects.Machine(target)} does not record epoch {epoch}, which every bucket holds";
        }

        var after = RecordRules.Granted(judge.Record(granted.Disk, check: false), objects.Of(world, Codes.Extra, epoch));
        (granted.Disk.Grant, granted.Disk.Hrs, granted.Proc, granted.Checked) = ((byte)after.Grant, Math.Max(granted.Disk.Hrs, (byte)after.Floor.Height), Proc.None, false);
        return judge.Gate(world, All, target, looks: true, rpcs: true) == GateVerdict.Start ? null : $"{Objects.Machine(target)} was granted epoch {epoch} and its gate does not start";
    }

    private string? End(World world, byte machine, int epoch)
    {
        ref var state = ref world.Machines[machine];
        if (state.Destroyed || state.Disk.Owner != machine)
        {
            return judge.Ended(machine, epoch, EndKind.InstanceAndVolumeDeleted, 0) ? null : $"{Objects.Machine(machine)} is deleted and not taken for ended";
        }

        if (!judge.MayAdopt(world, All, machine, epoch))
        {
            return $"{Objects.Machine(machine)} does not adopt fence {epoch} though the seal holds";
        }

        (state.Disk.Fence, state.Proc, state.Pending) = ((byte)Math.Max(state.Disk.Fence, (byte)epoch), Proc.None, 0);
        return judge.MayAnswer(world, machine, epoch) && judge.Ended(machine, epoch, EndKind.FenceAdopted, state.Disk.Fence) ? null : $"{Objects.Machine(machine)} is fenced, stopped and locked and not taken for ended";
    }

    private static void Each(World world, Action<int> act)
    {
        for (var bucket = 0; bucket < World.Buckets; bucket++)
        {
            if (world.Status[bucket] is BucketState.Member or BucketState.Replacement)
            {
                act(bucket);
            }
        }
    }
}
