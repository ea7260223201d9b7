namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>
/// Everything that can happen next. Lost, late and duplicated writes need no step of their own: what was sent may land at any later time or
/// never; a crashed asker takes no further step. Who reaches which buckets is another choice at every look.
/// </summary>
internal sealed partial class Transitions(Bounds bounds, Judge judge, Objects objects)
{
    private const int All = (1 << World.Buckets) - 1;
    private readonly World _next = new(bounds.Machines, bounds.Asks);
    private World _now = new(bounds.Machines, bounds.Asks);
    private Action<World, Step> _emit = (_, _) => { };

    public static World First(Bounds bounds)
    {
        var world = new World(bounds.Machines, bounds.Asks);
        var history = Objects.History(bounds.Beginning);
        foreach (var (epoch, code, _) in history)
        {
            for (var bucket = 0; bucket < World.Buckets; bucket++)
            {
                world.Set(bucket, epoch, code);
            }
        }

        for (byte machine = 0; machine < bounds.Machines; machine++)
        {
            world.Machines[machine].Disk = new Disk { Owner = machine };
        }

        foreach (var (epoch, _, holder) in history.Where(item => item.Holder >= 0))
        {
            world.Machines[holder].Disk = new Disk { Owner = (byte)holder, Grant = (byte)epoch, Fence = (byte)(epoch == 1 ? 0 : epoch), Offline = (byte)epoch };
        }

        var (last, _, signing) = history[^1];
        (world.Machines[signing].Proc, world.Machines[signing].Checked) = (Proc.Running, true);
        if (bounds.Beginning == Beginning.Returned)
        {
            world.Machines[1 - signing].Disk.Fence = (byte)last;
        }

        if (bounds.Beginning == Beginning.Standby)
        {
            world.Machines[1].Disk.Offline = 1;
        }

        return world;
    }

    /// <summary>Tells each state that may follow.</summary>
    public void Expand(World world, Action<World, Step> emit)
    {
        (_now, _emit) = (world, emit);
        Asks();
        Slots();
        for (byte machine = 0; machine < bounds.Machines; machine++)
        {
            if (!world.Machines[machine].Destroyed)
            {
                Machine(machine);
            }
        }

        Faults();
    }

    private World Copy()
    {
        _next.CopyFrom(_now);
        return _next;
    }

    private void Asks()
    {
        for (byte asker = 0; asker < bounds.Asks; asker++)
        {
            var ask = _now.Asks[asker];
            switch (ask.Phase)
            {
                case AskPhase.None when asker == 0 || _now.Asks[asker - 1].Phase != AskPhase.None:
                    Start(asker);
                    break;
                case AskPhase.Sealing:
                    Seal(asker, ask);
                    break;
                case AskPhase.Ending:
                    End(asker, ask);
                    break;
            }
        }
    }

    private void Start(byte asker)
    {
        var seen = 0;
        for (var subset = 1; subset <= All; subset++)
        {
            if (!judge.Answers(_now, subset))
            {
                continue;
            }

            var epoch = judge.NextEpoch(_now, subset);
            if (epoch > bounds.MaxEpoch || (seen >> epoch & 1) != 0)
            {
                continue;
            }

            seen |= 1 << epoch;
            for (byte target = 0; target < bounds.Machines; target++)
            {
                if (!_now.Machines[target].Destroyed && (!bounds.OneTargetEach || target == (asker + 1) % bounds.Machines))
                {
                    Copy().Asks[asker] = new Ask { Phase = AskPhase.Sealing, Epoch = (byte)epoch, Target = target, Generation = _now.Generation };
                    _emit(_next, new Step(Act.AskStarts, asker, (byte)epoch, target));
                }
            }
        }
    }

    private void Seal(byte asker, Ask ask)
    {
        // The members changed: it begins again, which is another ask.
        if (ask.Generation != _now.Generation)
        {
            return;
        }

        var seen = 0;
        for (var subset = 1; subset <= All; subset++)
        {
            if (!judge.Answers(_now, subset) || !judge.Seals(_now, subset, ask.Epoch))
            {
                continue;
            }

            var must = judge.MustEnd(_now, subset, ask.Epoch);
            if ((seen >> must & 1) == 0)
            {
                seen |= 1 << must;
                ref var next = ref Copy().Asks[asker];
                (next.Phase, next.MustEnd) = (AskPhase.Ending, must);
                _emit(_next, new Step(Act.SealHolds, asker, (byte)subset, must));
            }
        }
    }

    private void End(byte asker, Ask ask)
    {
        for (byte machine = 0; machine < bounds.Machines; machine++)
        {
            if ((ask.MustEnd >> machine & 1) == 0 || (ask.Ended >> machine & 1) != 0)
            {
                continue;
            }

            if (EndOf(machine, ask.Epoch) is { } kind)
            {
                Copy().Asks[asker].Ended |= (byte)(1 << machine);
                _emit(_next, new Step(Act.EndNoted, asker, machine, (byte)kind));
            }
        }

        if (ask.Ended == ask.MustEnd)
        {
            // Worst case: a halted chain with its approvals, so that no silence helps; the floor is what honest RPCs show.
            ref var next = ref Copy().Asks[asker];
            (next.Phase, next.Floor) = (AskPhase.Putting, _now.LastSigned);
            _emit(_next, new Step(Act.AskPuts, asker));
        }
    }

    private EndKind? EndOf(byte machine, int epoch)
    {
        var state = _now.Machines[machine];
        if (state.Destroyed)
        {
            return judge.Ended(machine, epoch, EndKind.DestroyedInCustody, 0) ? EndKind.DestroyedInCustody : null;
        }

        if (state.Disk.Owner == machine && judge.MayAnswer(_now, machine, epoch) && judge.Ended(machine, epoch, EndKind.FenceAdopted, state.Disk.Fence))
        {
            return EndKind.FenceAdopted;
        }

        if (_now.KeyDisabled && judge.Ended(machine, epoch, EndKind.KeyDisabled, 0))
        {
            return EndKind.KeyDisabled;
        }

        return state.Proc == Proc.None && judge.Ended(machine, epoch, EndKind.PoweredOff, 0) ? EndKind.PoweredOff : null;
    }

    private void Slots()
    {
        var highest = 0;
        for (var asker = 0; asker < bounds.Asks; asker++)
        {
            highest = _now.Asks[asker].Phase == AskPhase.None ? highest : Math.Max(highest, _now.Asks[asker].Epoch);
        }

        for (byte bucket = 0; bucket < World.Buckets; bucket++)
        {
            if (_now.Status[bucket] == BucketState.Staged)
            {
                continue;
            }

            for (var epoch = 1; epoch < highest; epoch++)
            {
                if (_now.At(bucket, epoch) == Codes.Empty && Reaches(bucket, epoch))
                {
                    Copy().Set(bucket, epoch, Codes.Void);
                    _emit(_next, new Step(Act.VoidLands, bucket, (byte)epoch));
                }
            }

            for (byte asker = 0; asker < bounds.Asks; asker++)
            {
                var ask = _now.Asks[asker];
                if (ask.Phase == AskPhase.Putting && _now.At(bucket, ask.Epoch) == Codes.Empty && (_now.Status[bucket] != BucketState.Replacement || ask.Generation == 2))
                {
                    Copy().Set(bucket, ask.Epoch, (byte)(Codes.FirstAsk + asker));
                    _emit(_next, new Step(Act.ObjectLands, asker, bucket));
                }
            }
        }
    }

    /// <summary>Some asker that knows this bucket sent a void for the slot.</summary>
    private bool Reaches(int bucket, int epoch)
    {
        foreach (var ask in _now.Asks)
        {
            if (ask.Phase != AskPhase.None && ask.Epoch > epoch && (_now.Status[bucket] != BucketState.Replacement || ask.Generation == 2))
            {
                return true;
            }
        }

        return false;
    }
}
