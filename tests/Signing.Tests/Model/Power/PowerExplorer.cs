using System.Globalization;
using System.Text;

namespace VirtEngine.DR.Signing.Tests.Model.Power;

/// <summary>Breadth first over every state of a scope, each once, with exactly the decisions of the library (or a mutation of them).</summary>
internal sealed class PowerExplorer(PowerScope scope, IPowerRules rules)
{
    private static readonly int[] Majorities = [0b011, 0b101, 0b110];
    private readonly PowerMemory _memory = new(scope, rules);
    private readonly List<(string Key, int Parent, string Step)> _states = [];
    private readonly HashSet<string> _seen = [];

    public int States => _states.Count;

    /// <summary>The shortest way to a broken state; null when none is.</summary>
    public string? Run()
    {
        var first = new PowerWorld(scope) { Height = 3 };
        for (var ask = 0; ask < scope.Asks; ask++)
        {
            first.Signed(ask) = 3;
        }

        Add(first, -1, "");
        for (var at = 0; at < _states.Count; at++)
        {
            var world = PowerWorld.Of(scope, _states[at].Key);
            if ((Broken(world) ?? Stuck(world)) is { } broken)
            {
                return Tell(at, broken);
            }

            Expand(world, (next, step) => Add(next, at, step));
        }

        return null;
    }

    private string? Broken(PowerWorld world)
    {
        var stopped = Enumerable.Range(0, scope.Asks).Count(ask => world.Stopped(ask) == 1);
        var signing = scope.Total - scope.OthersDown - stopped;
        return stopped > 1 ? "two signers are touched at once"
            : stopped > 0 && signing * 3 <= scope.Total * 2 ? $"{signing} of {scope.Total} are left signing" : null;
    }

    /// <summary>When every run is over and every validator signs, nothing may be in the way for ever.</summary>
    private string? Stuck(PowerWorld from)
    {
        if (scope.OthersDown > 0 || Enumerable.Range(0, scope.Asks).Any(ask => from.Phase(ask) < RunPhase.Ended || from.Stopped(ask) == 1))
        {
            return null;
        }

        var world = from.Copy();
        var reservations = _memory.Sight(world, 0b111).Reservations;
        var later = _memory.Objects.Picture(world, 0) with { Height = 99, LastSigned = Enumerable.Range(0, scope.Asks).ToDictionary(PowerObjects.Address, _ => 99L) };
        return reservations.Select(one => one with { EndedAbove = one.EndedAbove ?? world.Height + 1 }).FirstOrDefault(one => rules.InForce(one, later)) is { } stuck ? $"{stuck} stays in force for ever" : null;
    }

    private void Expand(PowerWorld world, Action<PowerWorld, string> next)
    {
        if (world.Height < 3 + scope.Heights)
        {
            var block = world.Copy();
            block.Height++;
            for (var ask = 0; ask < scope.Asks; ask++)
            {
                block.Signed(ask) = block.Stopped(ask) == 1 ? block.Signed(ask) : block.Height;
            }

            next(block, "a block");
        }

        for (var ask = 0; ask < scope.Asks; ask++)
        {
            Land(world, ask, next);
            switch (world.Phase(ask))
            {
                case RunPhase.Asking:
                    Ask(world, ask, next);
                    break;
                case RunPhase.Reserved:
                    Move(world, ask, RunPhase.Acted, stopped: 1, $"run {ask} stops its validator", next);
                    break;
                case RunPhase.Acted:
                    Move(world, ask, RunPhase.Back, stopped: 0, $"run {ask} starts its validator", next);
                    break;
                case RunPhase.Back when world.Signed(ask) == world.Height:
                    Close(world, ask, ask, slack: 0, next);
                    break;
                case RunPhase.Crashed:
                    Crashed(world, ask, next);
                    break;
                default:
                    break;
            }

            if (world.Phase(ask) < RunPhase.Ended && Enumerable.Range(0, scope.Asks).Count(one => world.Phase(one) == RunPhase.Crashed) < scope.Crashes)
            {
                var crash = world.Copy();
                (crash.Late(ask), crash.CrashedAt(ask)) = (crash.Phase(ask) == RunPhase.Reserved ? (byte)1 : (byte)0, crash.Height);
                crash.Phase(ask, RunPhase.Crashed);
                next(crash, $"run {ask} ends without a word");
            }
        }
    }

    private void Crashed(PowerWorld world, int ask, Action<PowerWorld, string> next)
    {
        if (world.Late(ask) == 1 && world.Height <= world.CrashedAt(ask) + 1)
        {
            var late = world.Copy();
            (late.Late(ask), late.Stopped(ask)) = (0, 1);
            next(late, $"the act of run {ask} lands late");
        }

        if (world.Stopped(ask) == 1)
        {
            Move(world, ask, RunPhase.Crashed, stopped: 0, $"somebody starts the validator of run {ask}", next);
        }

        // Another engine's asker sees that the run is closed, and writes its end with the slack of an act under way.
        foreach (var other in Enumerable.Range(0, scope.Asks).Where(other => other != ask && world.Phase(other) == RunPhase.Asking))
        {
            Close(world, other, ask, slack: 1, next);
        }
    }

    private void Ask(PowerWorld world, int ask, Action<PowerWorld, string> next)
    {
        foreach (var subset in Majorities)
        {
            if (Sealed(world, subset) is not { } open)
            {
                continue;
            }

            var sight = _memory.Sight(open, subset);
            var own = sight.Reservations.Any(one => one.AskId == PowerObjects.AskId(ask) && one.Counts);
            for (var behind = 0; behind <= Math.Min(scope.Lag, world.Height - 3); behind++)
            {
                var free = _memory.IsFree(open, sight, behind, ask);
                if (free && own)
                {
                    Move(open, ask, RunPhase.Reserved, open.Stopped(ask), $"run {ask} sees its reservation count, through {Convert.ToString(subset, 2)}", next);
                }
                else if (free && open.Puts(ask) < scope.Puts && sight.Next <= scope.Slots)
                {
                    var put = open.Copy();
                    put.Puts(ask)++;
                    Send(put, ask, (byte)sight.Next, _memory.Objects.Reserve(ask));
                    next(put, $"run {ask} is told that it is free, through {Convert.ToString(subset, 2)}, and puts slot {sight.Next}");
                }
            }
        }
    }

    private void Close(PowerWorld world, int by, int ask, int slack, Action<PowerWorld, string> next)
    {
        foreach (var subset in Majorities)
        {
            if (Sealed(world, subset) is not { } open)
            {
                continue;
            }

            var sight = _memory.Sight(open, subset);
            foreach (var one in sight.Reservations.Where(one => one.AskId == PowerObjects.AskId(ask) && one.EndedAbove is null && sight.Next <= scope.Slots))
            {
                var end = open.Copy();
                Send(end, by, (byte)sight.Next, _memory.Objects.End(ask, (int)one.Slot, world.Height + slack));
                if (by == ask)
                {
                    end.Phase(ask, RunPhase.Ended);
                }

                next(end, $"run {by} puts the end of run {ask}'s reservation at slot {sight.Next}");
            }
        }
    }

    /// <summary>With the slots below the next one filled where the rules want it; null where it does not hold.</summary>
    private PowerWorld? Sealed(PowerWorld world, int subset)
    {
        var sight = _memory.Sight(world, subset);
        var open = world.Copy();
        foreach (var empty in sight.Seal.Empty)
        {
            open.At(empty.Bucket[0] - 'a', (int)empty.Epoch) = PowerObjects.Void;
        }

        return _memory.Sight(open, subset).Seal.Holds ? open : null;
    }

    private static void Send(PowerWorld world, int by, byte slot, byte code)
    {
        world.Pending(by, 0).CopyTo(world.Pending(by, 1));
        (world.Pending(by, 0)[0], world.Pending(by, 0)[1], world.Pending(by, 0)[2]) = (0b111, slot, code);
    }

    /// <summary>An object reaches a bucket, at any time, or never; also after its asker is gone.</summary>
    private void Land(PowerWorld world, int ask, Action<PowerWorld, string> next)
    {
        for (var which = 0; which < 2; which++)
        {
            for (var bucket = 0; bucket < PowerWorld.Buckets; bucket++)
            {
                if ((world.Pending(ask, which)[0] >> bucket & 1) != 0)
                {
                    var landed = world.Copy();
                    var pending = landed.Pending(ask, which);
                    pending[0] &= (byte)~(1 << bucket);
                    ref var held = ref landed.At(bucket, pending[1]);
                    var taken = held != 0;
                    held = taken ? held : pending[2];
                    next(landed, $"{_memory.Objects.Tell(pending[2])} of run {ask} reaches bucket {(char)('a' + bucket)} at slot {pending[1]}{(taken ? ": taken" : "")}");
                }
            }
        }
    }

    private static void Move(PowerWorld world, int ask, RunPhase phase, byte stopped, string step, Action<PowerWorld, string> next)
    {
        var moved = world.Copy();
        moved.Phase(ask, phase);
        moved.Stopped(ask) = stopped;
        next(moved, step);
    }

    private void Add(PowerWorld world, int parent, string step)
    {
        var key = world.Normal().Key();
        if (_seen.Add(key))
        {
            _states.Add((key, parent, step));
        }
    }

    private string Tell(int at, string broken)
    {
        var lines = new List<string> { broken };
        for (; at > 0; at = _states[at].Parent)
        {
            var world = PowerWorld.Of(scope, _states[at].Key);
            var buckets = string.Join(" | ", Enumerable.Range(0, PowerWorld.Buckets).Select(bucket => string.Join(' ', Enumerable.Range(1, scope.Slots).Select(slot => _memory.Objects.Tell(world.At(bucket, slot))))));
            lines.Insert(1, string.Create(CultureInfo.InvariantCulture, $"{_states[at].Step}   [{buckets}] height {world.Height}"));
        }

        return new StringBuilder().AppendJoin('\n', lines).ToString();
    }
}
