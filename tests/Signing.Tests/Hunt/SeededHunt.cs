namespace VirtEngine.DR.Signing.Tests.Hunt;

/// <summary>What a seed came to.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Broken">What must never be; empty where the interlock held.</param>
/// <param name="Stuck">Why nobody signs at the end; null where the right one does.</param>
/// <param name="Counts">What happened how often.</param>
/// <param name="Trace">The last events.</param>
internal sealed record HuntResult(int Seed, IReadOnlyList<string> Broken, string? Stuck, IReadOnlyDictionary<string, int> Counts, string Trace);

/// <summary>One seed of the hunt in virtual time: moves of the key under fire, then an undisturbed one that must succeed.</summary>
internal sealed partial class SeededHunt
{
    private const int Deliveries = 70;
    private readonly HuntWorld _world;
    private readonly List<HuntRun> _runs = [];
    private readonly int _length;
    private readonly int _asks;
    private readonly int _atOnce;
    private readonly double _fire;
    private int _asked;

    private SeededHunt(int seed, ISignerRules rules, string root)
    {
        _world = new HuntWorld(seed, rules, root);
        (_length, _asks, _atOnce, _fire) = (1000 + Dice.Next(4000), 1 + Dice.Next(8), 1 + Dice.Next(3), new[] { 0.05, 0.15, 0.4, 1 }[Dice.Next(4)]);
    }

    private Random Dice => _world.Dice;

    /// <summary>Plays a seed on a thread of its own kind: one without a synchronization context, where continuations run at once.</summary>
    public static Task<HuntResult> PlayAsync(int seed, ISignerRules rules) => Task.Run(() =>
    {
        // fsync costs nothing there, and a seed writes many small files.
        var root = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"virtengine-dr-hunt-{Guid.NewGuid():N}")).FullName;
        try
        {
            return new SeededHunt(seed, rules, root).Play();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    });

    private HuntResult Play()
    {
        Start(_world.Machine("x"));
        for (var i = 0; i < _length && _world.Chain.DoubleSigns.Count == 0; i++)
        {
            Step();
        }

        var stuck = _world.Broken.Count > 0 ? null : Settle();
        _world.LookForTwo();
        _world.Machines.ToList().ForEach(machine => machine.EndSigners());
        return new HuntResult(_world.Seed, [.. _world.Broken], stuck, _world.Counts, _world.Trace);
    }

    private void Step()
    {
        var dice = Dice.Next(100);
        if (dice < Deliveries && _world.Wire.Open > 0)
        {
            _world.Wire.Deliver(Dice.Next(_world.Wire.Open));
        }
        else if (dice < Deliveries + 12 || (dice < Deliveries && _world.Wire.Open == 0))
        {
            _world.Tick();
            foreach (var machine in _world.Machines.Where(machine => machine is { Wanted: true, Up: true }))
            {
                machine.Wanted = false;
                Start(machine);
            }
        }
        else if (dice < Deliveries + 16)
        {
            _world.Votes();
        }
        else if (dice < Deliveries + 19)
        {
            if (_world.Wire.Late > 0)
            {
                _world.Wire.Land(Dice.Next(_world.Wire.Late));
            }
        }
        else if (dice < Deliveries + 26)
        {
            Engines();
        }
        else if (Dice.NextDouble() < _fire)
        {
            Disturb();
        }
    }

    /// <summary>Engines begin runs and go on with them; people retry, give up and begin anew.</summary>
    private void Engines()
    {
        if (_asked < _asks && (_runs.Count == 0 || (_runs.Count < _atOnce && Dice.Next(3) == 0)))
        {
            var run = new HuntRun(_world, $"run-{++_asked}", _world.Machines[Dice.Next(_world.Machines.Count)]);
            _runs.Add(run);
            _world.Say($"{run.Name} asks for {run.Target.Name}{(_runs.Count > 1 ? ", beside another engine's run" : "")}");
            _world.Count(_runs.Count > 1 ? "an ask beside another engine's" : "an ask");
        }

        foreach (var run in _runs.ToList())
        {
            if (run.Step == RunStep.Done || run.Failures > 12)
            {
                _runs.Remove(run);
            }
            else if (run.Idle)
            {
                if (run.Problem is not null && Dice.Next(4) == 0)
                {
                    run.Again();
                }

                run.Go();
            }
            else if (Dice.Next(30) == 0)
            {
                // An attempt that is thought dead is not: the step runs twice at once.
                _world.Count("a step runs twice at once");
                run.Go();
            }
        }
    }

    /// <summary>Nothing goes wrong any more: a bucket that was lost is repaired, and one undisturbed move must end with its machine signing alone.</summary>
    private string? Settle()
    {
        _world.Say("from here on nothing goes wrong");
        _world.CalmDown();
        for (var tries = 0; _lost is not null && !_repaired && tries < 5; tries++)
        {
            Repair();
            Finish(_repair!);
        }

        _world.Machines.ToList().ForEach(machine => machine.Configured = [.. _world.Stores]);
        var last = new HuntRun(_world, "last", _world.Machines[Dice.Next(_world.Machines.Count)]);
        for (var tries = 0; last.Step != RunStep.Done && tries < 40 && _world.Broken.Count == 0; tries++)
        {
            if (last.Problem is not null)
            {
                last.Again();
            }

            last.Go();
            Finish(last.Work!);
        }

        // Every supervisor starts what it has.
        var from = _world.Chain.Height;
        _world.Machines.ToList().ForEach(Start);
        for (var seconds = 0; seconds < 30; seconds++)
        {
            while (_world.Wire.Open > 0)
            {
                _world.Wire.Deliver(0);
            }

            _world.Tick();
        }

        var signs = _world.Signers.Select(signer => signer.Id).ToList();
        return signs.Count == 1 && signs[0].StartsWith(last.Target.Name + "#", StringComparison.Ordinal) && _world.Chain.Signed.Max > from ? null
            : $"{last.Target.Name} should sign alone: {(signs.Count == 0 ? "nobody" : string.Join(", ", signs))} signs, the last signature is of height {_world.Chain.Signed.Max} of {_world.Chain.Height}; the last run is at {last.Step}: {last.Problem}";
    }

    private void Finish(Work work)
    {
        for (var seconds = 0; !work.Done && seconds < 1500; seconds++)
        {
            while (_world.Wire.Open > 0)
            {
                _world.Wire.Deliver(0);
            }

            if (!work.Done)
            {
                _world.Tick();
            }
        }
    }
}
