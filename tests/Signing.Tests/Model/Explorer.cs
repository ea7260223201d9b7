using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>What a search found.</summary>
/// <param name="Bounds">What was searched.</param>
/// <param name="States">How many different states.</param>
/// <param name="Transitions">How many steps were tried.</param>
/// <param name="Finished">Every reachable state was seen.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Counterexample">The shortest way to a broken state; null when none is broken.</param>
internal sealed record Result(Bounds Bounds, int States, long Transitions, bool Finished, double Seconds, string? Counterexample)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Bounds.Name}: {States:N0} states, {Transitions:N0} transitions, {Seconds:F1} s, {States / Math.Max(Seconds, 0.001):N0} states/s, {(Counterexample is not null ? "BROKEN" : Finished ? "complete" : "cut at the limit")}");
}

/// <summary>Breadth first over every state, each once.</summary>
internal sealed class Explorer
{
    private readonly Bounds _bounds;
    private readonly Objects _objects;
    private readonly Transitions _transitions;
    private readonly Invariants _invariants;
    private readonly List<Packed> _states = [];
    private readonly List<(int Parent, Step Step)> _ways = [];
    private int[] _table = new int[1 << 16];
    private long _tried;

    public Explorer(Bounds bounds, ISignerRules rules)
    {
        _bounds = bounds;
        _objects = new Objects(bounds.Beginning, bounds.Machines);
        Judge = new Judge(rules, _objects);
        _transitions = new Transitions(bounds, Judge, _objects);
        _invariants = new Invariants(Judge, _objects);
    }

    public Judge Judge { get; }

    public Objects Objects => _objects;

    /// <summary>Searches; <paramref name="each"/> sees every state and may call it broken.</summary>
    public Result Run(Func<World, string?>? each = null)
    {
        var clock = Stopwatch.StartNew();
        var world = new World(_bounds.Machines, _bounds.Asks);
        Add(Packed.Of(Transitions.First(_bounds)), -1, default);
        for (var at = 0; at < _states.Count; at++)
        {
            _states[at].Unpack(world);
            if ((_invariants.Broken(world) ?? each?.Invoke(world)) is { } broken)
            {
                return Done(clock, finished: false, Tell(at, broken));
            }

            if (_states.Count > _bounds.Limit)
            {
                return Done(clock, finished: false, null);
            }

            _transitions.Expand(world, (next, step) =>
            {
                _tried++;
                Add(Packed.Of(next), at, step);
            });
        }

        return Done(clock, finished: true, null);
    }

    private Result Done(Stopwatch clock, bool finished, string? trace) => new(_bounds, _states.Count, _tried, finished, clock.Elapsed.TotalSeconds, trace);

    private void Add(Packed state, int parent, Step step)
    {
        var mask = _table.Length - 1;
        for (var slot = state.GetHashCode() & mask; ; slot = (slot + 1) & mask)
        {
            var index = _table[slot] - 1;
            if (index < 0)
            {
                _states.Add(state);
                _ways.Add((parent, step));
                _table[slot] = _states.Count;
                break;
            }

            if (_states[index] == state)
            {
                return;
            }
        }

        if (_states.Count * 2 > _table.Length)
        {
            Grow();
        }
    }

    private void Grow()
    {
        _table = new int[_table.Length * 2];
        var mask = _table.Length - 1;
        for (var index = 0; index < _states.Count; index++)
        {
            var slot = _states[index].GetHashCode() & mask;
            while (_table[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _table[slot] = index + 1;
        }
    }

    private string Tell(int at, string broken)
    {
        var ways = new Stack<int>();
        for (var state = at; state > 0; state = _ways[state].Parent)
        {
            ways.Push(state);
        }

        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"after {ways.Count} steps: {broken}\n");
        var world = new World(_bounds.Machines, _bounds.Asks);
        _states[0].Unpack(world);
        text.Append(CultureInfo.InvariantCulture, $"     {World(world)}\n");
        var number = 0;
        while (ways.TryPop(out var state))
        {
            _states[state].Unpack(world);
            text.Append(CultureInfo.InvariantCulture, $"{++number,3}. {_ways[state].Step.Tell(world, _objects)}\n     {World(world)}\n");
        }

        return text.ToString();
    }

    private string World(World world)
    {
        var buckets = Enumerable.Range(0, Model.World.Buckets).Select(b => $"{(world.Status[b] == BucketState.Member ? "" : world.Status[b] + " ")}{string.Concat(Enumerable.Range(1, _bounds.MaxEpoch).Select(e => Letter(world.At(b, e))))}");
        var machines = world.Machines.Select((m, i) => $"{Objects.Machine(i)[^1]}{(m.Disk.Owner == i ? "" : "(disk of " + Objects.Machine(m.Disk.Owner)[^1] + ")")}: grant {m.Disk.Grant} fence {m.Disk.Fence} hrs {m.Disk.Hrs} {(m.Destroyed ? "destroyed" : m.Proc.ToString())}");
        return $"[{string.Join(" | ", buckets)}] {string.Join("; ", machines)}";
    }

    private static char Letter(byte code) => code switch { 0 => '.', 1 => 'v', < 5 => (char)('H' + code - 2), < 8 => (char)('A' + code - 5), _ => '?' };
}
