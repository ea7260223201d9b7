namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>What machines do, and what happens to them.</summary>
internal sealed partial class Transitions
{
    private void Machine(byte machine)
    {
        var state = _now.Machines[machine];
        if (state.Disk.Owner == machine)
        {
            Fences(machine, state);
            Grants(machine, state);
        }

        Signer(machine, state);
        if (bounds.Reboots && (state.Checked || state.Pending != 0 || state.Proc != Proc.None))
        {
            Reboot(ref Copy().Machines[machine]);
            _emit(_next, new Step(Act.Reboots, machine));
        }
    }

    private static void Reboot(ref Machine machine) => (machine.Proc, machine.Checked, machine.Pending) = (Proc.None, false, 0);

    private void Fences(byte machine, Machine state)
    {
        // Late and duplicated requests too: whoever once asked for it may be heard now.
        foreach (var ask in _now.Asks)
        {
            if (ask.Phase is AskPhase.Ending or AskPhase.Putting && (ask.MustEnd >> machine & 1) != 0 && ask.Epoch > state.Disk.Fence && Adopts(machine, ask.Epoch))
            {
                ref var next = ref Copy().Machines[machine];
                next.Disk.Fence = (byte)RecordRules.Fenced(judge.Record(state.Disk, check: false), ask.Epoch).Fence;
                _emit(_next, new Step(Act.FenceAdopted, machine, ask.Epoch));
            }
        }
    }

    private bool Adopts(byte machine, int fence)
    {
        for (var subset = 1; subset <= All; subset++)
        {
            if (judge.MayAdopt(_now, subset, machine, fence))
            {
                return true;
            }
        }

        return false;
    }

    private void Grants(byte machine, Machine state)
    {
        if (state.Pending != 0)
        {
            var epoch = objects.EpochOf(_now, state.Pending);
            ref var next = ref Copy().Machines[machine];
            next.Pending = 0;
            var record = judge.Record(state.Disk, state.Checked);
            if (RecordRules.MayGrant(record, epoch).Allowed)
            {
                var after = RecordRules.Granted(record, objects.Of(_now, state.Pending, epoch));
                (next.Disk.Grant, next.Disk.Offline, next.Checked) = ((byte)after.Grant, (byte)after.OfflineEpoch, after.CheckedBoot == Judge.Boot);
                next.Disk.Hrs = Math.Max(next.Disk.Hrs, (byte)after.Floor.Height);
            }

            _emit(_next, new Step(Act.GrantRecorded, machine, (byte)epoch));
            return;
        }

        for (byte code = Codes.Initial; code < Codes.Lost; code++)
        {
            var granted = code >= Codes.FirstAsk ? code - Codes.FirstAsk < bounds.Asks && _now.Asks[code - Codes.FirstAsk].Phase == AskPhase.Putting : IsOfTheBeginning(code);
            if (!granted || objects.HolderOf(_now, code) != machine || objects.EpochOf(_now, code) <= state.Disk.Grant)
            {
                continue;
            }

            for (var subset = 1; subset <= All; subset++)
            {
                if (judge.MayRecord(_now, subset, machine, code))
                {
                    Copy().Machines[machine].Pending = code;
                    _emit(_next, new Step(Act.GrantRead, machine, code, (byte)subset));
                    break;
                }
            }
        }
    }

    private bool IsOfTheBeginning(byte code)
    {
        foreach (var item in Objects.History(bounds.Beginning))
        {
            if (item.Code == code)
            {
                return true;
            }
        }

        return false;
    }

    private void Signer(byte machine, Machine state)
    {
        if (state.Proc == Proc.None)
        {
            Gate(machine);
            if (bounds.BreakGlass && judge.Offline(_now, machine))
            {
                ref var next = ref Copy().Machines[machine];
                (next.Proc, next.Checked) = (Proc.Starting, true);
                next.Disk.Grant = Math.Max(next.Disk.Grant, next.Disk.Offline);
                _emit(_next, new Step(Act.BreakGlass, machine));
            }

            return;
        }

        Copy().Machines[machine].Proc = Proc.None;
        _emit(_next, new Step(Act.SignerEnds, machine));
        if (state.Proc == Proc.Starting)
        {
            // Whoever starts with a key of an HSM has it enabled.
            Copy().Machines[machine].Proc = Proc.Running;
            _next.KeyDisabled = false;
            _emit(_next, new Step(Act.SignerStarts, machine));
        }
        else if (!_now.KeyDisabled && _now.LastSigned < bounds.Heights)
        {
            Copy().Machines[machine].Disk.Hrs = ++_next.LastSigned;
            _emit(_next, new Step(Act.Signs, machine));
        }
    }

    private void Gate(byte machine)
    {
        switch (judge.Gate(_now, 0, machine, looks: false, rpcs: false))
        {
            case GateVerdict.Start:
                Started(machine, 255, 0);
                return;
            case not GateVerdict.Look:
                return;
        }

        for (var subset = 0; subset <= All; subset++)
        {
            for (byte rpcs = 0; rpcs < 2; rpcs++)
            {
                if (judge.Gate(_now, subset, machine, looks: true, rpcs == 1) == GateVerdict.Start)
                {
                    Started(machine, (byte)subset, rpcs);
                    return;
                }
            }
        }
    }

    private void Started(byte machine, byte subset, byte rpcs)
    {
        ref var next = ref Copy().Machines[machine];
        (next.Proc, next.Checked) = (Proc.Starting, true);
        _emit(_next, new Step(Act.GateDecides, machine, subset, rpcs));
    }
}
