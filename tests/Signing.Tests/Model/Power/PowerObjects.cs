namespace VirtEngine.DR.Signing.Tests.Model.Power;

/// <summary>The library's objects for a world's codes, and its observations made from a world.</summary>
internal sealed class PowerObjects(PowerScope scope)
{
    public const byte Void = 1;
    private static readonly SignerName Name = SignerName.Budget("model-1");
    private static readonly string[] Names = ["a", "b", "c"];
    private static readonly RegisterMembers Members = new() { Register = "r", Generation = 1, Buckets = Names };
    private readonly List<(bool Reserves, int Ask, int Of, int Height)> _known = [(false, 0, 0, 0), (false, 0, 0, 0)];
    private readonly Dictionary<(byte Code, int Slot), Slot> _slots = [];

    public static string Address(int ask) => $"validator-{ask}";

    public static string AskId(int ask) => $"ask-{ask}";

    public byte Reserve(int ask) => Code((true, ask, 0, 0));

    public byte End(int ask, int of, int height) => Code((false, ask, of, height));

    public string Tell(byte code) => code switch { 0 => ".", Void => "v", _ => _known[code] is var (reserves, ask, of, height) && reserves ? $"R{ask}" : $"E{ask}({of}>{height})" };

    public RegisterView View(PowerWorld world, int subset)
    {
        var views = new BucketView[PowerWorld.Buckets];
        for (var bucket = 0; bucket < PowerWorld.Buckets; bucket++)
        {
            Dictionary<long, Slot>? slots = null;
            if ((subset >> bucket & 1) != 0)
            {
                slots = [];
                for (var slot = 1; slot <= scope.Slots; slot++)
                {
                    if (world.At(bucket, slot) is var code && code != 0)
                    {
                        slots[slot] = Slot(code, slot);
                    }
                }
            }

            views[bucket] = new BucketView(Names[bucket], slots, slots is null ? "cut off" : null);
        }

        return new RegisterView(Name, Members, views);
    }

    /// <summary>What two honest RPCs show that are so many blocks behind.</summary>
    public PowerPicture Picture(PowerWorld world, int behind)
    {
        var height = Math.Max(0, world.Height - behind);
        ValidatorSight[] validators =
        [
            .. Enumerable.Range(0, scope.Asks).Select(ask => new ValidatorSight(Address(ask), 1, Math.Min((int)world.Signed(ask), height))),
            .. Enumerable.Range(0, scope.Others).Select(other => new ValidatorSight($"other-{other}", 1, other < scope.OthersDown ? null : height)),
        ];
        return PowerPicture.Of([new PowerSight("x", height, true, validators), new PowerSight("y", height, true, validators)]);
    }

    private byte Code((bool Reserves, int Ask, int Of, int Height) what)
    {
        var at = _known.IndexOf(what, 2);
        if (at < 0)
        {
            _known.Add(what);
            at = _known.Count - 1;
        }

        return (byte)at;
    }

    private Slot Slot(byte code, int slot)
    {
        if (_slots.TryGetValue((code, slot), out var known))
        {
            return known;
        }

        var (reserves, ask, of, height) = _known[code];
        return _slots[(code, slot)] = DR.Signing.Slot.Of(code == Void ? SlotObject.VoidOf(Name, "r", slot) : new SlotObject
        {
            Kind = SlotKind.Holder,
            Signer = Name,
            Register = "r",
            Epoch = slot,
            Generation = 1,
            Holder = Address(ask),
            AskId = reserves ? AskId(ask) : $"end-{ask}-{of}-{height}",
            AskedBy = $"run-{ask}",
            Budget = new BudgetEntry { Kind = reserves ? BudgetKind.Reserve : BudgetKind.End, Of = of, OfAsk = reserves ? "" : AskId(ask), Height = height },
        });
    }
}
