namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>What goes wrong, each at most once.</summary>
internal sealed partial class Transitions
{
    private void Faults()
    {
        if (bounds.KeyDisabled && !_now.DisableUsed)
        {
            Copy().KeyDisabled = _next.DisableUsed = true;
            _emit(_next, new Step(Act.KeyDisabled));
        }

        if (bounds.BucketLost)
        {
            Buckets();
        }

        for (byte machine = 0; machine < bounds.Machines; machine++)
        {
            if (_now.Machines[machine].Destroyed)
            {
                continue;
            }

            if (bounds.Destroyed && !_now.DestroyUsed)
            {
                ref var next = ref Copy().Machines[machine];
                Reboot(ref next);
                next.Destroyed = _next.DestroyUsed = true;
                _emit(_next, new Step(Act.Destroyed, machine));
            }

            if (bounds.RolledBack || bounds.Cloned)
            {
                Disks(machine);
            }
        }
    }

    private void Disks(byte machine)
    {
        if (!_now.HasCopy && !_now.CopyUsed)
        {
            (Copy().HasCopy, _next.CopyOf, _next.Copy) = (true, machine, _now.Machines[machine].Disk);
            _emit(_next, new Step(Act.DiskCopied, machine));
        }
        else if (_now.HasCopy && (_now.CopyOf == machine ? bounds.RolledBack : bounds.Cloned))
        {
            ref var next = ref Copy().Machines[machine];
            Reboot(ref next);
            (next.Disk, next.RolledBack) = (_now.Copy, true);
            (_next.HasCopy, _next.CopyUsed, _next.Copy, _next.CopyOf) = (false, true, default, 0);
            _emit(_next, new Step(_now.CopyOf == machine ? Act.DiskRolledBack : Act.DiskCloned, machine));
        }
    }

    private void Buckets()
    {
        for (byte bucket = 0; bucket < World.Buckets; bucket++)
        {
            switch (_now.Status[bucket])
            {
                case BucketState.Member when !_now.LostUsed:
                    Copy().LostUsed = true;
                    for (var epoch = 1; epoch < World.Epochs; epoch++)
                    {
                        // What once reached a majority is remembered, for nothing else of that epoch may afterwards.
                        _next.Ever[epoch] = Invariants.MajorityAt(_now, epoch);
                        _next.Set(bucket, epoch, Codes.Empty);
                    }

                    _next.Status[bucket] = BucketState.Blank;
                    _emit(_next, new Step(Act.BucketLost, bucket));
                    break;

                case BucketState.Blank:
                    var repair = judge.Repair(_now, All & ~(1 << bucket), bucket);
                    if (repair.Missing.Count > 0)
                    {
                        break;
                    }

                    Copy().Status[bucket] = BucketState.Staged;
                    for (var epoch = 1; epoch < World.Epochs; epoch++)
                    {
                        _next.Set(bucket, epoch, epoch <= repair.Slots.Count ? objects.CodeOf(_now, repair.Slots[epoch - 1], epoch) : Codes.Empty);
                    }

                    _emit(_next, new Step(Act.RepairCopies, bucket));
                    break;

                case BucketState.Staged:
                    Copy().Status[bucket] = BucketState.Replacement;
                    _next.Replaced = true;
                    _emit(_next, new Step(Act.RepairCommits, bucket));
                    break;
            }
        }
    }
}
