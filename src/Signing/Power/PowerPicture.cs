namespace VirtEngine.DR.Signing;

/// <summary>
/// What all independent RPCs together show, taken for the worse each time: a validator signs when all of them show it, and does not when none does.
/// One RPC that lies can refuse an act, and can allow none.
/// </summary>
/// <param name="Height">The lowest of their heights.</param>
/// <param name="Total">The whole set's power, by the one that shows most.</param>
/// <param name="Signing">The validators that all of them show signing, with the least power that one of them shows.</param>
/// <param name="Suspects">The validators that any of them shows signing.</param>
/// <param name="LastSigned">The last signature of each validator that all of them show, by the one that shows the oldest.</param>
/// <param name="Unknown">Why nobody can count; empty when it can be counted.</param>
public sealed record PowerPicture(
    long Height, long Total, IReadOnlyDictionary<string, long> Signing, IReadOnlySet<string> Suspects, IReadOnlyDictionary<string, long> LastSigned, IReadOnlyList<string> Unknown)
{
    /// <summary>A validator that signed none of so many newest commits does not sign.</summary>
    public const int Recent = 3;

    /// <summary>How far the sources may be apart, in blocks.</summary>
    public const int Apart = 10;

    /// <summary>The picture.</summary>
    public static PowerPicture Of(IReadOnlyList<PowerSight> sights)
    {
        PowerSight[] each = [.. sights.GroupBy(sight => sight.Source, StringComparer.Ordinal).Select(group => group.MinBy(sight => sight.Height)!).OrderBy(sight => sight.Source, StringComparer.Ordinal)];
        var unknown = new List<string>();
        if (each.Length < GateRules.Sources)
        {
            unknown.Add($"{each.Length} of {GateRules.Sources} independent RPCs answer (signing.rpcs): nobody can count who signs");
        }

        unknown.AddRange(each.Where(sight => !sight.Fresh).Select(sight => FormattableString.Invariant($"{sight.Source} shows no fresh block (height {sight.Height}): the chain stands, or this RPC does")));
        if (each.Length > 0 && each.Max(sight => sight.Height) - each.Min(sight => sight.Height) > Apart)
        {
            unknown.Add($"the RPCs are too far apart to compare: {string.Join(", ", each.Select(sight => FormattableString.Invariant($"{sight.Source} {sight.Height}")))}");
        }

        if (each.Length > 0 && each.Any(sight => sight.Validators.Sum(one => one.Power) <= 0))
        {
            unknown.Add("an RPC shows no voting power at all");
        }

        var signing = new Dictionary<string, long>(StringComparer.Ordinal);
        var last = new Dictionary<string, long>(StringComparer.Ordinal);
        var suspects = new HashSet<string>(StringComparer.Ordinal);
        foreach (var address in each.SelectMany(sight => sight.Validators).Select(one => one.Address).Distinct(StringComparer.Ordinal))
        {
            var shown = each.Select(sight => (Sight: sight, One: sight.Validators.FirstOrDefault(one => one.Address == address))).ToList();
            if (shown.TrueForAll(item => item.One?.LastSigned is not null))
            {
                last[address] = shown.Min(item => item.One!.LastSigned!.Value);
            }

            if (shown.TrueForAll(item => Signs(item.Sight, item.One)))
            {
                signing[address] = shown.Min(item => item.One!.Power);
            }

            if (shown.Exists(item => Signs(item.Sight, item.One)))
            {
                suspects.Add(address);
            }
        }

        return new(each.Select(sight => sight.Height).DefaultIfEmpty(0).Min(), each.Select(sight => sight.Validators.Sum(one => one.Power)).DefaultIfEmpty(0).Max(), signing, suspects, last, unknown);
    }

    /// <summary>The power that signs without some validators.</summary>
    public long Without(IEnumerable<string> addresses) => Signing.Where(one => !addresses.Contains(one.Key)).Sum(one => one.Value);

    /// <summary>Whether the chain goes on with so much: strictly more than two thirds.</summary>
    public bool GoesOn(long power) => (Int128)power * 3 > (Int128)Total * 2;

    private static bool Signs(PowerSight sight, ValidatorSight? one) => one is { Power: > 0, LastSigned: { } last } && last > sight.Height - Recent;
}
