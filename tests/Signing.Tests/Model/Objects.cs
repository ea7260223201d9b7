namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>The library's objects for a world's codes. Each is made once.</summary>
internal sealed class Objects(Beginning beginning, int machines)
{
    public const string Register = "register-1";
    public static readonly SignerName Signer = new("model-1", new string('A', 40));
    private static readonly string[] Machines = ["machine-x", "machine-y", "machine-z"];
    private readonly Dictionary<ulong, Slot> _slots = [];
    private readonly Dictionary<int, RegisterMembers> _members = [];

    public bool Standby => beginning == Beginning.Standby;

    public static string Machine(int index) => Machines[index];

    public static string Bucket(int index, bool replaced) => (index, replaced) switch
    {
        (0, false) => "bucket-a",
        (1, false) => "bucket-b",
        (2, false) => "bucket-c",
        (0, true) => "bucket-a2",
        (1, true) => "bucket-b2",
        _ => "bucket-c2",
    };

    /// <summary>The epochs that are filled at the beginning, with their holders.</summary>
    public static IReadOnlyList<(int Epoch, byte Code, int Holder)> History(Beginning beginning) => beginning switch
    {
        Beginning.Returned => [(1, 2, 0), (2, Codes.Void, -1), (3, 3, 1), (4, Codes.Void, -1), (5, 4, 0)],
        _ => [(1, 2, 0)],
    };

    public Slot Of(World world, byte code, int epoch)
    {
        var ask = AskOf(world, code);
        var key = code | ((ulong)epoch << 8) | (ask is { } a ? ((ulong)a.Target << 16) | ((ulong)a.Floor << 20) | ((ulong)a.Generation << 24) | ((ulong)a.Ended << 28) | ((ulong)a.Epoch << 32) : 0);
        if (!_slots.TryGetValue(key, out var slot))
        {
            _slots[key] = slot = Slot.Of(Make(code, epoch, ask));
        }

        return slot;
    }

    public RegisterMembers Members(World world)
    {
        var replaced = world.Replaced ? Array.FindIndex(world.Status, status => status == BucketState.Replacement) : -1;
        if (!_members.TryGetValue(replaced, out var members))
        {
            string[] first = [Bucket(0, false), Bucket(1, false), Bucket(2, false)];
            _members[replaced] = members = replaced < 0 ? new RegisterMembers { Register = Register, Generation = 1, Buckets = first }
                : new RegisterMembers { Register = Register, Generation = 2, Former = first, Buckets = [.. first.Select((name, index) => index == replaced ? Bucket(index, true) : name)] };
        }

        return members;
    }

    /// <summary>The epoch of an object's code.</summary>
    public int EpochOf(World world, byte code) => AskOf(world, code)?.Epoch ?? History(beginning).First(item => item.Code == code).Epoch;

    public int HolderOf(World world, byte code) => AskOf(world, code)?.Target ?? History(beginning).First(item => item.Code == code).Holder;

    /// <summary>The code of a slot that a repair made.</summary>
    public byte CodeOf(World world, SlotObject value, int epoch)
    {
        if (value.Kind != SlotKind.Lost)
        {
            for (var bucket = 0; bucket < World.Buckets; bucket++)
            {
                if (world.At(bucket, epoch) is var code && code != Codes.Empty && ReferenceEquals(Of(world, code, epoch).Object, value))
                {
                    return code;
                }
            }

            throw new InvalidOperationException($"the repair copied an object that nobody holds: {value}");
        }

        return (byte)(Codes.Lost + value.Candidates.Sum(name => 1 << Array.IndexOf(Machines, name)));
    }

    private static Ask? AskOf(World world, byte code) => code is >= Codes.FirstAsk and < Codes.Lost ? world.Asks[code - Codes.FirstAsk] : code == Codes.Extra ? world.Asks[^1] : null;

    private SlotObject Make(byte code, int epoch, Ask? ask)
    {
        if (code == Codes.Void)
        {
            return SlotObject.VoidOf(Signer, Register, epoch);
        }

        if (code is >= Codes.Lost and < Codes.Extra)
        {
            return SlotObject.LostOf(Signer, Register, epoch, Enumerable.Range(0, machines).Where(machine => ((code - Codes.Lost) >> machine & 1) != 0).Select(Machine));
        }

        if (ask is { } asked)
        {
            return new SlotObject
            {
                Kind = SlotKind.Holder,
                Signer = Signer,
                Register = Register,
                Epoch = epoch,
                Generation = asked.Generation,
                Holder = Machine(asked.Target),
                Floor = new Hrs(asked.Floor, 0, 3),
                OfflineAllowed = [Machine(asked.Target)],
                AskedBy = "asker",
                AskId = $"ask-{code}",
                Evidence = [.. Enumerable.Range(0, machines).Where(machine => (asked.Ended >> machine & 1) != 0).Select(machine => Fenced(machine, asked.Epoch))],
            };
        }

        var holder = History(beginning).First(item => item.Code == code).Holder;
        return new SlotObject
        {
            Kind = SlotKind.Holder,
            Signer = Signer,
            Register = Register,
            Epoch = epoch,
            Generation = 1,
            Holder = Machine(holder),
            AskedBy = "enrolment",
            AskId = $"initial-{code}",
            OfflineAllowed = beginning == Beginning.Standby ? [Machine(0), Machine(1)] : [Machine(holder)],
            Evidence = epoch == 1 ? [] : [Fenced(1 - holder, epoch)],
        };
    }

    public static EndEvidence Fenced(int machine, int epoch) => new()
    {
        Machine = Machine(machine),
        Below = epoch,
        Kind = EndKind.FenceAdopted,
        Fence = epoch,
        BootId = "boot",
        Nonce = "nonce",
        Signed = true,
    };
}
