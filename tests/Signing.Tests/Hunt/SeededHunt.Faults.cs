namespace VirtEngine.DR.Signing.Tests.Hunt;

/// <summary>What goes wrong.</summary>
internal sealed partial class SeededHunt
{
    private string? _lost;
    private string? _replacement;
    private Work? _repair;
    private bool _repaired;

    private void Disturb()
    {
        var machine = _world.Machines[Dice.Next(_world.Machines.Count)];
        switch (Dice.Next(13))
        {
            case 0 when _runs.Count > 0 && _runs[Dice.Next(_runs.Count)] is { Work: { } work }:
                Happens("a worker is killed");
                _world.Kill(work);
                break;
            case 1 when _runs.Count > 0 && _runs[Dice.Next(_runs.Count)].Forget(Dice):
                _world.Count("a server's database is put back");
                break;
            case 2 or 3 when machine.Up:
                Start(machine);
                break;
            case 5:
                Happens($"the signer of {machine.Name} dies", "a signer dies");
                machine.EndSigners();
                machine.Wanted = Dice.Next(3) > 0;
                break;
            case 4 or 6:
                machine.CopyDisk();
                break;
            case 7 or 8:
                var older = Dice.Next(2) == 0;
                _world.KillAllOn(machine);
                if (machine.Reboot(older))
                {
                    Happens($"{machine.Name} reboots{(older ? " with an older disk" : "")}, {machine.BootId}", older ? "a host reboots with an older disk" : "a host reboots");
                }

                break;
            case 9:
                Cut(_world.Stores[Dice.Next(_world.Stores.Count)]);
                break;
            case 10 when _lost is null && Dice.Next(3) == 0:
                LoseBucket();
                break;
            case 11 when _lost is not null:
                Repair();
                break;
            case 12:
                Rare(machine);
                break;
            default:
                break;
        }
    }

    private void Rare(HuntMachine machine)
    {
        switch (Dice.Next(4))
        {
            case 0:
                _world.Chain.Halted = !_world.Chain.Halted;
                Happens($"the chain {(_world.Chain.Halted ? "halts" : "goes on")}", "the chain halts or goes on");
                break;
            case 1 when Dice.Next(3) == 0:
                Happens($"the HRS file of {machine.Name} is deleted", "an HRS file is deleted");
                machine.LoseHrs();
                break;
            default:
                break;
        }
    }

    private void Start(HuntMachine machine)
    {
        _world.Count("a host's signer is started, by its supervisor or by hand");
        var work = new Work("start of " + machine.Name, machine.Name);
        _world.Begin(work, () => machine.StartAsync(work));
    }

    private void Cut(Store store)
    {
        if (_world.Stores.Find(one => one.Down) is { } down && Dice.Next(3) > 0)
        {
            store = down;
        }

        store.Down = !store.Down && _world.Stores.TrueForAll(one => !one.Down);
        Happens($"bucket {store.Name} is {(store.Down ? "cut off" : "back")}", "a bucket is cut off or back");
    }

    private void LoseBucket()
    {
        var store = _world.Stores[Dice.Next(_world.Stores.Count)];
        (_lost, _replacement) = (store.Name, store.Name + "2");
        store.Objects.Clear();
        Happens($"bucket {store.Name} has lost everything", "a bucket loses everything");
    }

    private void Repair()
    {
        if (_repair is { Done: false, Killed: false })
        {
            if (Dice.Next(3) == 0)
            {
                Happens("the repair is killed");
                _world.Kill(_repair);
            }

            return;
        }

        if (_repaired)
        {
            // enrol refreshes gate.json.
            _world.Machines[Dice.Next(_world.Machines.Count)].Configured = [.. _world.Stores];
            return;
        }

        if (_world.Stores.TrueForAll(store => store.Name != _replacement))
        {
            _world.Stores.Add(new Store(_replacement!));
        }

        _world.Count("a repair begins");
        var work = _repair = new Work("repair", "operator");
        _world.Begin(work, async () =>
        {
            var repair = new RegisterRepair(
                HuntWorld.Register, [.. _world.Stores.Select(store => new HuntBucket(_world, work, store))], _lost!, _replacement!, [new SlotApproval("bob", "repair", "said so")], Timeout.InfiniteTimeSpan);
            var look = await repair.RunAsync(work.Token);
            _world.Say($"the repair is {look.State}: {string.Join("; ", look.Missing)}");
            _world.Count("a repair is " + look.State);
            _repaired |= look.State == RepairState.Done;
        });
    }

    private void Happens(string what, string? kind = null)
    {
        _world.Count(kind ?? what);
        _world.Say(what);
    }
}
