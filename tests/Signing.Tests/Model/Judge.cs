namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>
/// The transitions' only way to a decision: makes the library's observations from a world and calls the rules. The decisions are pure, so an
/// answer is remembered by everything that it was made from.
/// </summary>
internal sealed class Judge(ISignerRules rules, Objects objects)
{
    public const string Boot = "this-boot";
    private readonly Dictionary<Key, int> _known = [];

    private enum Question
    {
        Next,
        Seal,
        Holders,
        Adopt,
        Record,
        Gate,
    }

    /// <summary>How many decisions the rules made.</summary>
    public int Decisions => _known.Count;

    public bool HoldsLock => rules.HoldsLock;

    public int NextEpoch(World world, int subset) => Ask(world, subset, Question.Next, 0, view => (int)rules.NextEpoch(view));

    public bool Seals(World world, int subset, int epoch) => Ask(world, subset, Question.Seal, (ulong)epoch, view => rules.Seal(view, epoch).Holds ? 1 : 0) == 1;

    /// <summary>A mask of the machines that must be ended.</summary>
    public byte MustEnd(World world, int subset, int epoch) => (byte)Ask(world, subset, Question.Holders, (ulong)epoch, view =>
        rules.PossibleHolders(view, epoch).Select(holder => 1 << Index(holder.Machine)).Distinct().Sum());

    public bool Answers(World world, int subset) => Ask(world, subset, Question.Next, 1, view => view.Answers ? 1 : 0) == 1;

    public bool MayAdopt(World world, int subset, int machine, int fence)
    {
        var disk = world.Machines[machine].Disk;
        return Ask(world, subset, Question.Adopt, DiskKey(disk) | ((ulong)fence << 16), view => rules.MayAdoptFence(Record(disk, check: false), view, fence).Allowed ? 1 : 0) == 1;
    }

    public bool MayAnswer(World world, int machine, int fence)
    {
        var state = world.Machines[machine];
        return rules.MayAnswerFence(new FenceProgress(state.Disk.Fence, state.Proc != Proc.Running, !rules.HoldsLock || state.Proc == Proc.None), fence).Allowed;
    }

    public bool Ended(int machine, int epoch, EndKind kind, int fence) => rules.Ended(
        new PossibleHolder(Objects.Machine(machine), 1, "asked"), epoch,
        new EndEvidence
        {
            Machine = Objects.Machine(machine),
            Below = epoch,
            Kind = kind,
            Fence = fence,
            BootId = "boot",
            Nonce = "nonce",
            Signed = true,
            Proof = ["seen"],
            Approvals = [new SlotApproval("a", "custody", "p"), new SlotApproval("b", "custody", "p")],
        }, "nonce").Allowed;

    public bool MayRecord(World world, int subset, int machine, byte code)
    {
        var disk = world.Machines[machine].Disk;
        return Ask(world, subset, Question.Record, DiskKey(disk) | ((ulong)code << 16) | ((ulong)machine << 24), view =>
            rules.MayRecordGrant(Record(disk, check: false), view, objects.Of(world, code, objects.EpochOf(world, code)), Objects.Machine(machine)).Allowed ? 1 : 0) == 1;
    }

    /// <summary>The gate with what it finds out by itself; <paramref name="looks"/>: it asked the register and (or not) two honest RPCs.</summary>
    public GateVerdict Gate(World world, int subset, int machine, bool looks, bool rpcs)
    {
        var state = world.Machines[machine];
        var extra = DiskKey(state.Disk) | ((ulong)world.LastSigned << 16) | ((ulong)machine << 20) | (state.Checked ? 1u << 23 : 0) | (looks ? 1u << 24 : 0) | (rpcs ? 1u << 25 : 0) | ((ulong)state.Proc << 26);
        return (GateVerdict)Ask(world, subset, Question.Gate, extra, view => (int)rules.Gate(See(world, machine, looks ? view : null, rpcs)).Verdict);
    }

    /// <summary>Break glass with no bucket in reach and two honest people.</summary>
    public bool Offline(World world, int machine)
    {
        var state = world.Machines[machine];
        var seen = See(world, machine, View(world, 0), rpcs: true);
        return rules.Offline(new OfflineObservation
        {
            Gate = seen,
            OfflineKeys = ["a", "b"],
            ConfirmedNobodyElse = true,
            ConfirmedOwnDisk = !state.RolledBack,
            Ends = [.. Enumerable.Range(0, world.Machines.Length).Where(other => world.Machines[other].Destroyed).Select(other => Objects.Fenced(other, World.Epochs) with
            {
                Kind = EndKind.InstanceAndVolumeDeleted, Proof = ["deleted"],
            })],
        }).Allowed;
    }

    public RepairDecision Repair(World world, int subset, int lost) =>
        rules.Repair(View(world, subset), Objects.Bucket(lost, false), Objects.Bucket(lost, true), [new SlotApproval("a", "repair", "p")]);

    /// <summary>The register as somebody sees it who reaches these buckets only.</summary>
    public RegisterView View(World world, int subset)
    {
        var sights = new BucketSight[World.Buckets];
        for (var b = 0; b < World.Buckets; b++)
        {
            var replaced = world.Status[b] == BucketState.Replacement;
            var name = Objects.Bucket(b, replaced);
            var member = replaced || world.Status[b] == BucketState.Member;
            if (world.Status[b] == BucketState.Staged || (subset >> b & 1) == 0)
            {
                sights[b] = new BucketSight(name, member ? objects.Members(world) : null, null, "not in reach");
                continue;
            }

            var slots = new Dictionary<long, Slot>();
            for (var e = 1; e < World.Epochs; e++)
            {
                if (world.At(b, e) is var code && code != Codes.Empty)
                {
                    slots[e] = objects.Of(world, code, e);
                }
            }

            sights[b] = new BucketSight(name, member ? objects.Members(world) : null, slots);
        }

        return rules.View(Objects.Signer, Objects.Register, sights);
    }

    public MachineRecord Record(Disk disk, bool check) => new()
    {
        Register = Objects.Register,
        Signer = Objects.Signer,
        Machine = Objects.Machine(disk.Owner),
        Epoch = Math.Max(disk.Grant, disk.Fence),
        Grant = disk.Grant,
        Fence = disk.Fence,
        CheckedBoot = check ? Boot : "former-boot",
        OfflineEpoch = disk.Offline,
        OfflineHolder = disk.Offline == 0 ? null : objects.Standby && disk.Offline == 1 ? Objects.Machine(0) : Objects.Machine(disk.Owner),
        OfflineAllowed = disk.Offline == 0 ? [] : objects.Standby && disk.Offline == 1 ? [Objects.Machine(0), Objects.Machine(1)] : [Objects.Machine(disk.Owner)],
    };

    private GateObservation See(World world, int machine, RegisterView? view, bool rpcs)
    {
        var state = world.Machines[machine];
        return new GateObservation
        {
            Record = Record(state.Disk, state.Checked),
            Machine = Objects.Machine(machine),
            BootId = Boot,
            LockHeld = state.Proc == Proc.None,
            LastSigned = new Hrs(state.Disk.Hrs, 0, 3),
            View = view,
            Rpcs = rpcs ? [Sight("rpc-a", world.LastSigned), Sight("rpc-b", world.LastSigned)] : [],
        };
    }

    private static RpcSight Sight(string source, int lastSigned) => new(source, lastSigned + 1, Fresh: true, lastSigned, LookedFrom: 0);

    private static int Index(string machine) => machine[^1] - 'x';

    private static ulong DiskKey(Disk disk) => (ulong)disk.Owner | ((ulong)disk.Grant << 2) | ((ulong)disk.Fence << 6) | ((ulong)disk.Hrs << 10) | ((ulong)disk.Offline << 12);

    private int Ask(World world, int subset, Question question, ulong extra, Func<RegisterView, int> answer)
    {
        Span<ulong> words = [0, 0, 0];
        for (var b = 0; b < World.Buckets; b++)
        {
            var word = (ulong)world.Status[b];
            for (var e = 1; e < World.Epochs; e++)
            {
                word = (word << 5) | (ulong)Math.Min(world.At(b, e), (byte)31);
            }

            words[b] = word;
        }

        ulong asks = 0;
        foreach (ref var ask in world.Asks.AsSpan())
        {
            asks = (asks << 15) | ask.Target | ((ulong)ask.Floor << 2) | ((ulong)ask.Generation << 4) | ((ulong)ask.Ended << 6) | ((ulong)ask.Epoch << 9);
        }

        var key = new Key(words[0], words[1], words[2], asks, extra | ((ulong)subset << 40) | ((ulong)question << 44));
        if (!_known.TryGetValue(key, out var known))
        {
            _known[key] = known = answer(View(world, subset));
        }

        return known;
    }

    private readonly record struct Key(ulong A, ulong B, ulong C, ulong Asks, ulong Extra);
}
