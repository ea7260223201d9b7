namespace VirtEngine.DR.Signing.Tests.Model.Power;

/// <summary>What the rules say of some buckets.</summary>
internal sealed record PowerLook(RegisterView View, long Next, SealDecision Seal, IReadOnlyList<Reservation> Reservations)
{
    public Dictionary<string, bool> Free { get; } = new(StringComparer.Ordinal);
}

/// <summary>The explorer's only way to a decision. The decisions are pure, so an answer is remembered by everything that it was made from.</summary>
internal sealed class PowerMemory(PowerScope scope, IPowerRules rules)
{
    private readonly Dictionary<string, PowerLook> _known = new(StringComparer.Ordinal);

    public PowerObjects Objects { get; } = new(scope);

    public PowerLook Sight(PowerWorld world, int subset)
    {
        var key = string.Create((PowerWorld.Buckets * scope.Slots) + 1, (world, subset, scope.Slots), static (chars, from) =>
        {
            chars[^1] = (char)from.subset;
            for (var i = 0; i < chars.Length - 1; i++)
            {
                chars[i] = (from.subset >> (i / from.Slots) & 1) == 0 ? '-' : (char)from.world.At(i / from.Slots, (i % from.Slots) + 1);
            }
        });
        if (!_known.TryGetValue(key, out var known))
        {
            var view = Objects.View(world, subset);
            var next = rules.NextSlot(view);
            _known[key] = known = new PowerLook(view, next, rules.Seal(view, next), rules.Reservations(view));
        }

        return known;
    }

    public bool IsFree(PowerWorld world, PowerLook sight, int behind, int ask)
    {
        var key = string.Create(scope.Asks + 3, (world, behind, ask), static (chars, from) =>
        {
            (chars[0], chars[1], chars[2]) = ((char)from.world.Height, (char)from.behind, (char)from.ask);
            for (var i = 3; i < chars.Length; i++)
            {
                chars[i] = (char)from.world.Signed(i - 3);
            }
        });
        if (!sight.Free.TryGetValue(key, out var free))
        {
            sight.Free[key] = free = rules.Judge(sight.View, Objects.Picture(world, behind), new PowerAsk(PowerObjects.Address(ask), PowerObjects.AskId(ask), [])).Verdict == PowerVerdict.Free;
        }

        return free;
    }
}
