using VirtEngine.DR.Signing.Tests.Support;

namespace VirtEngine.DR.Signing.Tests.Hunt;

/// <summary>What a seed plays with: a register of three buckets, three machines that have the key, a chain, and everything that is under way.</summary>
internal sealed class HuntWorld
{
    public const string Register = "register-1";
    public static readonly SignerName Signer = new("hunt-1", new string('C', 40));
    private const int Remembered = 400;
    private static readonly string[] Names = ["x", "y", "z"];
    private readonly List<Work> _works = [];
    private readonly Queue<string> _trace = new();
    private readonly double _strikes;

    public HuntWorld(int seed, ISignerRules rules, string root)
    {
        (Seed, Rules, Dice) = (seed, rules, new Random(seed));
        Chain = new HuntChain(Dice);
        Stores = [new("a"), new("b"), new("c")];
        Machines = [.. Names.Select(name => new HuntMachine(this, name, root) { Configured = [.. Stores] })];
        Weather = new Weather(new[] { 0, 0.05, 0.15, 0.4 }[Dice.Next(4)], new[] { 0, 0.005, 0.02 }[Dice.Next(3)]);
        _strikes = new[] { 0, 0.02, 0.1 }[Dice.Next(3)];
        Enrol();
    }

    public int Seed { get; }

    public ISignerRules Rules { get; }

    public Random Dice { get; }

    public HuntChain Chain { get; }

    public VirtualClock Clock { get; } = new();

    public Wire Wire { get; } = new();

    public Weather Weather { get; private set; }

    public List<Store> Stores { get; }

    public IReadOnlyList<HuntMachine> Machines { get; }

    public SortedDictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>Moments at which two processes had the key, and votes that contradict each other. None: the interlock held.</summary>
    public List<string> Broken { get; } = [];

    public string Trace => string.Join('\n', _trace);

    public IEnumerable<SignerProcess> Signers => Machines.SelectMany(machine => machine.Signers);

    public HuntMachine Machine(string name) => Machines.First(machine => machine.Name == name);

    public IChainWitnesses Witnesses(Work work) => new Eyes(this, work);

    public void Count(string what) => Counts[what] = Counts.GetValueOrDefault(what) + 1;

    public void Say(string text)
    {
        _trace.Enqueue($"{Clock.GetUtcNow():HH:mm:ss} height {Chain.Height}/{Chain.Round}: {text}");
        if (_trace.Count > Remembered)
        {
            _trace.Dequeue();
        }
    }

    /// <summary>Whether something rare happens now.</summary>
    public bool Strikes(string what, int often = 1)
    {
        if (Weather == Weather.Calm || Dice.NextDouble() >= _strikes * often)
        {
            return false;
        }

        Count(what);
        Say(what);
        return true;
    }

    /// <summary>Begins a piece of work; it comes to its first request at once.</summary>
    public void Begin(Work work, Func<Task> body)
    {
        _works.RemoveAll(one => one.Done);
        _works.Add(work);
        work.Task = RunAsync(work, body);
    }

    public void Kill(Work work) => Wire.Kill(work, () => Dice.Next(2) == 0);

    /// <summary>Everything that runs on a machine ends with it.</summary>
    public void KillAllOn(HuntMachine machine) => _works.Where(work => work.Machine == machine.Name).ToList().ForEach(Kill);

    public void KillEverything() => _works.ToList().ForEach(Kill);

    /// <summary>From now on nothing goes wrong; what is late comes.</summary>
    public void CalmDown()
    {
        Weather = Weather.Calm;
        Chain.Halted = false;
        KillEverything();
        while (Wire.Late > 0)
        {
            Wire.Land(Dice.Next(Wire.Late));
        }

        foreach (var machine in Machines)
        {
            machine.Comes();
        }

        Stores.ForEach(store => store.Down = false);
    }

    /// <summary>A second goes by: the chain goes on, whoever has the key votes, timers ring.</summary>
    public void Tick()
    {
        Chain.Tick();
        Votes();
        Clock.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>Every process that has the key may vote, some of them a block or two behind.</summary>
    public void Votes()
    {
        foreach (var machine in Machines)
        {
            foreach (var signer in machine.Signers.ToList())
            {
                for (var votes = Dice.Next(4); votes > 0; votes--)
                {
                    machine.Vote(signer, Dice.Next(12) == 0 && !Chain.Halted ? 1 + Dice.Next(2) : 0);
                }
            }
        }

        LookForTwo();
    }

    public void LookForTwo()
    {
        if (Broken.Count == 0 && Signers.Count() > 1)
        {
            Say("TWO PROCESSES HAVE THE KEY");
            Broken.Add("two processes have the key: " + string.Join(", ", Signers.Select(signer => signer.Id)));
        }

        Broken.AddRange(Chain.DoubleSigns.Skip(Broken.Count(one => one.StartsWith("DOUBLE SIGN", StringComparison.Ordinal))).Select(one => "DOUBLE SIGN at " + one));
    }

    private static async Task RunAsync(Work work, Func<Task> body)
    {
        try
        {
            await body();
        }
        catch (Exception e) when (e is KilledException || (e is OperationCanceledException && work.Killed))
        {
            // Killed is killed: whoever waits for it hears nothing.
        }
    }

    /// <summary>Epoch 1 names x, which signs; every machine's key is enrolled.</summary>
    private void Enrol()
    {
        var members = new RegisterMembers { Register = Register, Generation = 1, Buckets = [.. Stores.Select(store => store.Name)] };
        var first = Slot.Of(new SlotObject
        {
            Kind = SlotKind.Holder,
            Signer = Signer,
            Register = Register,
            Epoch = 1,
            Generation = 1,
            Holder = Names[0],
            Floor = new Hrs(Chain.Height - 2, 0, 3),
            OfflineAllowed = [Names[0]],
            AskedBy = "enrolment",
            AskId = "ask-1",
        });
        var without = Dice.Next(4);
        for (var bucket = 0; bucket < Stores.Count; bucket++)
        {
            Stores[bucket].TryAdd(RegisterKeys.Members(1), SlotBytes.Write(members));
            foreach (var machine in Machines)
            {
                Stores[bucket].TryAdd(RegisterKeys.Machine(machine.Name), SlotBytes.Write(new EnrolledMachine(machine.Name, MachineKey.Public(machine.Key), "node-" + machine.Name)));
            }

            // A majority is enough, and often it is all there is.
            if (bucket != without)
            {
                Stores[bucket].TryAdd(RegisterKeys.Slot(Signer, 1), SlotBytes.Write(first.Object));
            }
        }

        Machines[0].Enrol(first);
    }

    private sealed class Eyes(HuntWorld world, Work work) : IChainWitnesses
    {
        public Task<IReadOnlyList<RpcSight>> LookAsync(SignerName signer, long above, CancellationToken cancellationToken) =>
            world.Wire.AskAsync(work, () => world.Chain.Sights(above, world.Weather.Reads));
    }
}
