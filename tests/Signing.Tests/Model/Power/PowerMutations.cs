namespace VirtEngine.DR.Signing.Tests.Model.Power;

/// <summary>The product's rules; the mutations take one away each. They live in the tests' host only.</summary>
internal class PowerRulesUnderTest : IPowerRules
{
    public virtual long NextSlot(RegisterView view) => PowerRules.Instance.NextSlot(view);

    public virtual SealDecision Seal(RegisterView view, long slot) => PowerRules.Instance.Seal(view, slot);

    public virtual long Start(RegisterView view) => PowerRules.Instance.Start(view);

    public virtual BudgetEntry? Checkpoint(RegisterView view, PowerPicture picture) => PowerRules.Instance.Checkpoint(view, picture);

    public virtual IReadOnlyList<Reservation> Reservations(RegisterView view) => PowerRules.Instance.Reservations(view);

    public virtual bool InForce(Reservation reservation, PowerPicture picture) => PowerRules.Instance.InForce(reservation, picture);

    public virtual PowerDecision Judge(RegisterView view, PowerPicture picture, PowerAsk ask) => PowerRules.Judge(view, picture, ask, this);
}

/// <summary>Slots below may still be decided by what is on the way.</summary>
internal sealed class NoPowerSeal : PowerRulesUnderTest
{
    public override SealDecision Seal(RegisterView view, long slot) => new([], []);
}

/// <summary>One bucket is enough.</summary>
internal sealed class NoPowerMajority : PowerRulesUnderTest
{
    public override IReadOnlyList<Reservation> Reservations(RegisterView view) => [.. base.Reservations(view).Select(one => one with { Counts = true })];

    public override SealDecision Seal(RegisterView view, long slot) => new(base.Seal(view, slot).Empty, []);
}

/// <summary>What may yet come to a majority is not looked at.</summary>
internal sealed class OnlyWhatCounts : PowerRulesUnderTest
{
    public override IReadOnlyList<Reservation> Reservations(RegisterView view) => [.. base.Reservations(view).Where(one => one.Counts)];
}

/// <summary>Capacity from reservations only: everybody is taken for signing.</summary>
internal sealed class ReservationsOnly : PowerRulesUnderTest
{
    public override PowerDecision Judge(RegisterView view, PowerPicture picture, PowerAsk ask) =>
        base.Judge(view, picture with { Signing = Enumerable.Range(0, (int)picture.Total).ToDictionary(one => one == 0 ? ask.Address : $"all-{one}", _ => 1L) }, ask);
}

/// <summary>Capacity from signatures only: what was reserved and not yet acted on is forgotten.</summary>
internal sealed class SignaturesOnly : PowerRulesUnderTest
{
    public override bool InForce(Reservation reservation, PowerPicture picture) => false;
}

/// <summary>An ended run's reservation is free at once.</summary>
internal sealed class LapseWithoutASignature : PowerRulesUnderTest
{
    public override bool InForce(Reservation reservation, PowerPicture picture) => reservation.EndedAbove is null;
}

/// <summary>A signature is enough, whether the run goes on or not.</summary>
internal sealed class LapseByAnySignature : PowerRulesUnderTest
{
    public override bool InForce(Reservation reservation, PowerPicture picture) => picture.LastSigned.GetValueOrDefault(reservation.Address) < picture.Height;
}

/// <summary>Many signers may be touched as long as the power suffices.</summary>
internal sealed class TwoAtOnce : PowerRulesUnderTest
{
    public override PowerDecision Judge(RegisterView view, PowerPicture picture, PowerAsk ask) =>
        base.Judge(view, picture, ask) is { Verdict: PowerVerdict.Refused, Halts: false } and var one && one.Reasons.All(reason => reason.StartsWith("one signer", StringComparison.Ordinal)) ? new(PowerVerdict.Free, []) : base.Judge(view, picture, ask);
}
