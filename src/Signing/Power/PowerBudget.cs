namespace VirtEngine.DR.Signing;

/// <summary>
/// An asker's hands at a chain's power budget. It decides nothing: the rules do. Every call may be repeated, by anybody, after any part of it: an ask
/// is known by its id, and only what a majority of the buckets shows afterwards counts.
/// </summary>
/// <param name="register">The register's id.</param>
/// <param name="client">The register.</param>
/// <param name="chain">The chain.</param>
/// <param name="witnesses">Who signs.</param>
/// <param name="rules">The decisions.</param>
public sealed class PowerBudget(string register, RegisterClient client, string chain, IPowerWitnesses witnesses, IPowerRules rules)
{
    /// <summary>So often somebody else may be first before the asker gives up and says so.</summary>
    private const int Rounds = 8;

    private readonly SignerName name = SignerName.Budget(chain);

    /// <summary>The budget as it is seen from here. Changes nothing.</summary>
    public async Task<PowerOutcome> LookAsync(PowerAsk ask, CancellationToken cancellationToken)
    {
        var (view, picture) = await SeeAsync(cancellationToken).ConfigureAwait(false);
        var decision = rules.Judge(view, picture, ask);

        // Without the register nothing is free, and what takes no power away needs nothing of it.
        return Outcome(view, picture, ask, view.Answers || decision.Verdict == PowerVerdict.NotNeeded ? decision : Unreachable(view));
    }

    /// <summary>Reserves a validator's power: the reservation counts, and after that it was judged once more by who signs then.</summary>
    /// <param name="ask">The ask.</param>
    /// <param name="node">The validator's node, for people.</param>
    /// <param name="askedBy">The run, as WORKFLOW/RUN.</param>
    /// <param name="cancellationToken">Stops it; what is written stays, and the same ask goes on with it.</param>
    public async Task<PowerOutcome> ReserveAsync(PowerAsk ask, string node, string askedBy, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            var (view, picture) = await SealedAsync(cancellationToken).ConfigureAwait(false);
            if (view is null)
            {
                var seen = await LookAsync(ask, cancellationToken).ConfigureAwait(false);
                return seen.Decision.Verdict == PowerVerdict.Free ? seen with { Decision = new(PowerVerdict.Refused, ["the register could not be sealed: too few buckets take what is written"], Waits: true) } : seen;
            }

            if (round == 1 && rules.Checkpoint(view, picture) is { } checkpoint)
            {
                // No part of the ask: where somebody else is first, or it comes to no majority, the log stays longer for a while, and that is all.
                await client.PutAsync(view, Entry(view, ask.Address, Guid.NewGuid().ToString("N"), askedBy, [], checkpoint), cancellationToken).ConfigureAwait(false);
                continue;
            }

            var decision = rules.Judge(view, picture, ask);
            var own = Own(view, ask);
            if (own is { Counts: true, Released: false, EndedAbove: null } && decision.Verdict == PowerVerdict.Refused)
            {
                // It was never acted on by this ask's last judgement; what stands would only be in others' way.
                await EndAsync(own, node, askedBy, picture.Height, "refused when it was judged again", cancellationToken).ConfigureAwait(false);
            }

            if (decision.Verdict != PowerVerdict.Free || own is { Counts: true })
            {
                return Outcome(view, picture, ask, decision);
            }

            if (round > Rounds)
            {
                return Outcome(view, picture, ask, new(PowerVerdict.Refused, ["others were first each time, or the buckets do not keep what they take: ask again"], Waits: true));
            }

            // Always the next slot: the seal has filled what was empty in an own one that stands in a minority, so that it counts now or is in nobody's way for long.
            await client.PutAsync(view, Entry(view, ask.Address, ask.AskId, askedBy, ask.Approvals, new() { Kind = BudgetKind.Reserve, Node = node }), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Every reservation that was not released, lapsed or not.</summary>
    public async Task<IReadOnlyList<Reservation>> HeldAsync(CancellationToken cancellationToken) =>
        [.. rules.Reservations(await client.ReadTailAsync(name, rules.Start, cancellationToken).ConfigureAwait(false)).Where(one => !one.Released)];

    /// <summary>The reservations of an ask that stand.</summary>
    public async Task<IReadOnlyList<Reservation>> OfAsync(string address, string askId, CancellationToken cancellationToken) =>
        [.. rules.Reservations(await client.ReadTailAsync(name, rules.Start, cancellationToken).ConfigureAwait(false)).Where(one => one.Address == address && one.AskId == askId)];

    /// <summary>Writes that a reservation's run ended. Ended, released or unknown already: nothing is written.</summary>
    /// <returns>Yes when the end counts, or nothing is left to end; else what is missing.</returns>
    public Task<Decision> EndAsync(Reservation reservation, string? node, string askedBy, long height, string reason, CancellationToken cancellationToken) => CloseAsync(
        reservation, one => one.EndedAbove is not null || one.Released,
        new BudgetEntry { Kind = BudgetKind.End, Node = node, Of = reservation.Slot, OfAsk = reservation.AskId, Height = height, Reason = reason }, askedBy, [], cancellationToken);

    /// <summary>Writes that people released a reservation.</summary>
    public Task<Decision> ReleaseAsync(Reservation reservation, string askedBy, string reason, IReadOnlyList<SlotApproval> approvals, CancellationToken cancellationToken) => CloseAsync(
        reservation, one => one.Released,
        new BudgetEntry { Kind = BudgetKind.Release, Node = reservation.Node, Of = reservation.Slot, OfAsk = reservation.AskId, Reason = reason }, askedBy, approvals, cancellationToken);

    private async Task<Decision> CloseAsync(Reservation reservation, Func<Reservation, bool> closed, BudgetEntry entry, string askedBy, IReadOnlyList<SlotApproval> approvals, CancellationToken cancellationToken)
    {
        var askId = Guid.NewGuid().ToString("N");
        for (var round = 0; round < Rounds; round++)
        {
            var (view, _) = await SealedAsync(cancellationToken).ConfigureAwait(false);
            if (view is null)
            {
                return Decision.No(Unreachable(await client.ReadTailAsync(name, rules.Start, cancellationToken).ConfigureAwait(false)).Reasons);
            }

            if (rules.Reservations(view).FirstOrDefault(one => one.Slot == reservation.Slot && one.AskId == reservation.AskId && one.Address == reservation.Address) is not { } now || closed(now))
            {
                return Decision.Yes;
            }

            await client.PutAsync(view, Entry(view, reservation.Address, askId, askedBy, approvals, entry), cancellationToken).ConfigureAwait(false);
        }

        return Decision.No("the buckets do not keep what they take, or others were first each time: do it again");
    }

    private SlotObject Entry(RegisterView view, string address, string askId, string askedBy, IReadOnlyList<SlotApproval> approvals, BudgetEntry entry) => new()
    {
        Kind = SlotKind.Holder,
        Signer = name,
        Register = register,
        Epoch = rules.NextSlot(view),
        Generation = view.Members!.Generation,
        Holder = address,
        Approvals = approvals,
        AskedBy = askedBy,
        AskId = askId,
        Budget = entry,
    };

    /// <summary>The register with everything below the next slot decided, and who signs, seen after that; no view where it cannot be sealed.</summary>
    private async Task<(RegisterView? View, PowerPicture Picture)> SealedAsync(CancellationToken cancellationToken)
    {
        for (var look = 0; look < 2; look++)
        {
            var view = await client.ReadTailAsync(name, rules.Start, cancellationToken).ConfigureAwait(false);
            if (!view.Answers)
            {
                break;
            }

            var next = rules.NextSlot(view);
            var seal = rules.Seal(view, next);
            var gaps = seal.Holds && look == 0 && next - rules.Start(view) >= PowerRules.CheckpointAfter ? seal.Empty.GroupBy(slot => slot.Bucket, StringComparer.Ordinal).SelectMany(one => one.Take(PowerRules.CheckpointAfter)).ToList() : [];
            if (gaps.Count > 0)
            {
                // A bucket that was cut off lacks slots. The seal holds without it; a checkpoint needs it whole.
                await client.FillAsync(name, gaps, cancellationToken).ConfigureAwait(false);
            }
            else if (seal.Holds)
            {
                // After the register: whoever reserved before is known, so that what is seen now is not older than their acts.
                return (view, PowerPicture.Of(await witnesses.LookAsync(chain, cancellationToken).ConfigureAwait(false)));
            }

            else
            {
                await client.FillAsync(name, seal.Empty, cancellationToken).ConfigureAwait(false);
            }
        }

        return (null, PowerPicture.Of([]));
    }

    private async Task<(RegisterView View, PowerPicture Picture)> SeeAsync(CancellationToken cancellationToken)
    {
        var view = await client.ReadTailAsync(name, rules.Start, cancellationToken).ConfigureAwait(false);
        return (view, PowerPicture.Of(await witnesses.LookAsync(chain, cancellationToken).ConfigureAwait(false)));
    }

    private static PowerDecision Unreachable(RegisterView view) => new(PowerVerdict.Refused,
        [$"{view.Reachable} of {view.Buckets.Count} buckets of the register answer; {view.Majority} are needed: nothing can be reserved, so nothing that signs is touched",
            .. view.Buckets.Where(bucket => !bucket.Reachable).Select(bucket => $"bucket {bucket.Bucket}: {bucket.Why}")]);

    private PowerOutcome Outcome(RegisterView view, PowerPicture picture, PowerAsk ask, PowerDecision decision) => new(
        decision, Own(view, ask) is { Counts: true } own ? own.Slot : 0, [.. rules.Reservations(view).Where(one => one.AskId != ask.AskId && rules.InForce(one, picture))], picture)
    { Whole = view.Answers };

    private Reservation? Own(RegisterView view, PowerAsk ask) => rules.Reservations(view).Where(one => one.Is(ask)).OrderByDescending(one => one.Counts).FirstOrDefault();
}
