using System.Globalization;

namespace VirtEngine.DR.Signing;

/// <summary>
/// The power budget: no automatic act may leave two thirds or less of the voting power signing, and one signer at a time is touched. What is
/// free is counted from signatures that were seen, less what is reserved; both, because a reservation is made before its effect is seen.
/// </summary>
public sealed class PowerRules : IPowerRules
{
    /// <summary>The approval that lets an act through which may halt the chain; two people's.</summary>
    public const string HaltApproval = "halt";

    /// <summary>A run that was seen closed may have an act under way for so many blocks more: only a signature above them shows that it is over.</summary>
    public const int Slack = 10;

    /// <summary>So many slots after the last checkpoint the next one is due.</summary>
    public const int CheckpointAfter = 64;

    private const int TwoPeople = 2;

    private PowerRules()
    {
    }

    /// <summary>The only one.</summary>
    public static PowerRules Instance { get; } = new();

    /// <inheritdoc/>
    public long NextSlot(RegisterView view) => view.HighestFilled + 1;

    /// <inheritdoc/>
    public SealDecision Seal(RegisterView view, long slot) => Sealing.Filled(view, slot, Start(view));

    /// <inheritdoc/>
    public long Start(RegisterView view)
    {
        for (var at = view.HighestFilled; at > 1; at--)
        {
            if (Counting.At(view, at)?.Object.Budget is { Kind: BudgetKind.Checkpoint })
            {
                return at;
            }
        }

        return 1;
    }

    /// <inheritdoc/>
    public BudgetEntry? Checkpoint(RegisterView view, PowerPicture picture)
    {
        var (start, next) = (Start(view), NextSlot(view));

        // Every member shows every slot, and slots never change: nobody will ever see anything else below.
        var due = next - start >= CheckpointAfter && view.Members is not null && picture.Unknown.Count == 0
            && view.Buckets.All(bucket => bucket.Reachable && Enumerable.Range(0, (int)(next - start)).All(at => bucket.At(start + at) is not null));

        // What lapsed is over for good: who has that ask asks anew.
        return due ? new BudgetEntry { Kind = BudgetKind.Checkpoint, Standing = [.. Reservations(view).Where(one => InForce(one, picture))] } : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Reservation> Reservations(RegisterView view)
    {
        var found = new List<Reservation>();
        var ends = new List<(long At, BudgetEntry Entry)>();
        var start = Start(view);
        found.AddRange(Counting.At(view, start)?.Object.Budget is { Kind: BudgetKind.Checkpoint, Standing: { } standing } ? standing : []);
        for (var at = start; at <= view.HighestFilled; at++)
        {
            foreach (var slot in view.Buckets.Select(bucket => bucket.At(at)).OfType<Slot>().DistinctBy(slot => slot.Digest))
            {
                if (slot.Object.Kind == SlotKind.Lost)
                {
                    // What stood there may have been a reservation of each of them.
                    found.AddRange(slot.Object.Candidates.Select(address => new Reservation(at, address, "", "", null, Counts: false, null, Released: false)));
                }
                else if (slot.Object.Budget is { Kind: BudgetKind.Reserve } entry && Counting.Reach(view, at, slot.Digest) >= view.Majority)
                {
                    found.Add(new Reservation(at, slot.Object.Holder!, slot.Object.AskId ?? "", slot.Object.AskedBy ?? "", entry.Node, Counting.At(view, at)?.Digest == slot.Digest, null, Released: false));
                }
            }

            // Only what is seen to count frees anything.
            if (Counting.At(view, at)?.Object.Budget is { Kind: BudgetKind.End or BudgetKind.Release } end)
            {
                ends.Add((at, end));
            }
        }

        return [.. found.Select(one => one with
        {
            EndedAbove = ends.Where(end => end.Entry.Kind == BudgetKind.End && IsOf(end.At, end.Entry, one)).Select(end => (long?)end.Entry.Height).Append(one.EndedAbove).Min(),
            Released = ends.Exists(end => end.Entry.Kind == BudgetKind.Release && IsOf(end.At, end.Entry, one)),
        })];
    }

    /// <inheritdoc/>
    public bool InForce(Reservation reservation, PowerPicture picture) => !reservation.Released
        && !(reservation.EndedAbove is { } above && picture.Unknown.Count == 0 && picture.LastSigned.TryGetValue(reservation.Address, out var signed) && signed > above);

    /// <inheritdoc/>
    public PowerDecision Judge(RegisterView view, PowerPicture picture, PowerAsk ask) => Judge(view, picture, ask, this);

    internal static PowerDecision Judge(RegisterView view, PowerPicture picture, PowerAsk ask, IPowerRules rules)
    {
        if (picture.Unknown.Count == 0 && !picture.Suspects.Contains(ask.Address))
        {
            return new(PowerVerdict.NotNeeded, [Text($"{ask.Address} signed none of the last {PowerPicture.Recent} commits up to height {picture.Height}, by all RPCs: touching it takes no power away")]);
        }

        var all = rules.Reservations(view);
        if (all.FirstOrDefault(one => one.Is(ask) && (one.Released || one.EndedAbove is not null)) is { } over)
        {
            return new(PowerVerdict.Refused, [$"this reservation is over ({over}): ask again"], Waits: true);
        }

        var own = all.Where(one => one.Is(ask)).OrderByDescending(one => one.Counts).FirstOrDefault();

        // Another run's reservation of the same validator takes no further power, and no further signer.
        Reservation[] others = [.. all.Where(one => one.Address != ask.Address && (own is null || one.Slot < own.Slot) && rules.InForce(one, picture))];
        Reservation[] later = [.. all.Where(one => one.Address != ask.Address && own is not null && one.Slot > own.Slot && rules.InForce(one, picture))];
        var left = picture.Without([.. others.Concat(later).Select(one => one.Address), ask.Address]);

        // What others hold comes back; what does not sign at all does not by waiting.
        var halts = picture.Unknown.Count > 0 || !picture.GoesOn(picture.Without([ask.Address]));
        string[] reasons =
        [
            .. picture.Unknown,
            .. others.Select(one => $"one signer at a time: {one}"),
            .. picture.Unknown.Count == 0 && !picture.GoesOn(left) ? [Text($"{Share(picture.Without([]), picture.Total)} of the voting power signs; without {string.Join(" and ", others.Concat(later).Select(one => one.Node ?? one.Address).Append(ask.Address).Distinct())} {Share(left, picture.Total)} would be left, and the chain needs more than two thirds")] : Array.Empty<string>(),
        ];
        if (reasons.Length == 0)
        {
            return new(PowerVerdict.Free, [Text($"{Share(left, picture.Total)} of the voting power signs without {ask.Address}, and nobody else is touched")]);
        }

        return ApprovedBy(ask) is { Count: >= TwoPeople } people
            ? new(PowerVerdict.Free, [$"approved, though the chain may halt, by {string.Join(" and ", people)}", .. reasons])
            : new(PowerVerdict.Refused, reasons, Waits: !halts && others.Length + later.Length > 0 && others.Concat(later).All(one => one.EndedAbove is not null && picture.Suspects.Contains(one.Address)), halts);
    }

    private static List<string> ApprovedBy(PowerAsk ask) =>
        [.. ask.Approvals.Where(approval => approval.What == HaltApproval).Select(approval => approval.By.Trim()).Distinct(StringComparer.OrdinalIgnoreCase)];

    private static bool IsOf(long at, BudgetEntry end, Reservation one) => end.Of == one.Slot && end.OfAsk == one.AskId && at > one.Slot;

    private static string Share(long part, long total) => total <= 0 ? "nothing" : Text($"{100.0 * part / total:0.0} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
