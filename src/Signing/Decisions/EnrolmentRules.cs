using System.Globalization;

namespace VirtEngine.DR.Signing;

/// <summary>What an enrolment has to do.</summary>
public enum EnrolmentStep
{
    /// <summary>Nothing is known, because too few buckets answer.</summary>
    Unreachable,

    /// <summary>It must not be enrolled here.</summary>
    Refuse,

    /// <summary>An object that names this machine counts.</summary>
    Granted,

    /// <summary>An object that names this machine stands in too few buckets: an enrolment was stopped. The same bytes go into the others.</summary>
    Complete,

    /// <summary>Nobody holds the key: prove that this machine signs, and ask.</summary>
    Ask,
}

/// <summary>What an enrolment has to do.</summary>
/// <param name="Step">What.</param>
/// <param name="Epoch">For which epoch.</param>
/// <param name="Slot">What stands there, where something does.</param>
/// <param name="Reasons">Why not.</param>
public sealed record EnrolmentPlan(EnrolmentStep Step, long Epoch, Slot? Slot, IReadOnlyList<string> Reasons);

/// <summary>Enrolment: the first epoch of an address, for the machine that signs now. Whatever comes later is a move, and enrolling is none.</summary>
public static class EnrolmentRules
{
    /// <summary>The approval for a key that never signed, or whose signing cannot be proven; two people's.</summary>
    public const string Unproven = "enrolment-unproven";

    /// <summary>What is to be done for a machine, by what the register shows.</summary>
    public static EnrolmentPlan Decide(RegisterView view, string machine)
    {
        if (!view.Answers)
        {
            return new EnrolmentPlan(EnrolmentStep.Unreachable, 0, null, [$"{view.Reachable} of {view.Buckets.Count} buckets answer; {view.Majority} are needed",
                .. view.Buckets.Where(bucket => !bucket.Reachable).Select(bucket => $"bucket {bucket.Bucket}: {bucket.Why}")]);
        }

        if (Counting.Current(view) is { } current)
        {
            return current.Object.Holder != machine ? Refused(current.Object.Epoch, $"epoch {current.Object.Epoch} of this address names {current.Object.Holder}, and this is {machine}: it is enrolled already, and a signer moves by a run, never by enrolling again")
                : GrantRules.Above(view, current.Object.Epoch) is { Allowed: false } above ? Refused(current.Object.Epoch, [.. above.Missing])
                : new EnrolmentPlan(EnrolmentStep.Granted, current.Object.Epoch, current, []);
        }

        var possible = Holders.Below(view, view.HighestFilled + 1);
        if (possible.FirstOrDefault(holder => holder.Machine != machine) is { } other)
        {
            return Refused(other.Epoch, $"{other.Machine} may hold epoch {other.Epoch} ({other.Why}): finish or end that enrolment first");
        }

        if (possible.Count == 0)
        {
            return new EnrolmentPlan(EnrolmentStep.Ask, view.HighestFilled == 0 ? 1 : Sealing.NextEpoch(view), null, []);
        }

        var own = view.Buckets.Select(bucket => bucket.At(view.HighestFilled)).OfType<Slot>().FirstOrDefault(slot => slot.Object.Holder == machine);
        return own is not null && possible.All(holder => holder.Epoch == own.Object.Epoch) ? new EnrolmentPlan(EnrolmentStep.Complete, own.Object.Epoch, own, [])
            : Refused(possible[0].Epoch, $"an object that names this machine at epoch {possible[0].Epoch} may yet count, and something stands above it: it needs a grant of its own by a run, which fences this machine first");
    }

    /// <summary>Whether the ask may go on without a proof by signature: two different people say so, and the chain shows no signature where there is said to be none.</summary>
    /// <param name="approvals">Who says so.</param>
    /// <param name="neverSigned">That the key never signed.</param>
    /// <param name="file">The HRS file.</param>
    /// <param name="rpcs">What independent RPCs show.</param>
    public static Decision WithoutSignature(IReadOnlyList<SlotApproval> approvals, bool neverSigned, Hrs? file, IReadOnlyList<RpcSight> rpcs)
    {
        var missing = new List<string>();
        if (approvals.Where(approval => approval.What == Unproven).Select(approval => approval.By).Distinct(StringComparer.OrdinalIgnoreCase).Count() < 2)
        {
            missing.Add("two different people must approve what no signature proves: --approved-by NAME twice");
        }

        if (neverSigned && file is null)
        {
            missing.Add("the HRS file is missing: a signer without it would begin at height 0; write one that says 0/0/0");
        }

        if (neverSigned && file is { } hrs && hrs != Hrs.Zero)
        {
            missing.Add($"the HRS file says {hrs}: this key has signed; leave out --never-signed");
        }

        if (neverSigned && rpcs.FirstOrDefault(rpc => rpc.LastSigned is not null) is { } signed)
        {
            missing.Add(string.Create(CultureInfo.InvariantCulture, $"{signed.Source} shows a signature of this address at height {signed.LastSigned}: this key has signed, on another machine or with another HRS file"));
        }

        if (SilenceRules.Independent(rpcs).Count() < GateRules.Sources)
        {
            missing.Add($"{SilenceRules.Independent(rpcs).Count()} of {GateRules.Sources} independent RPCs answer");
        }

        return Decision.Of(missing);
    }

    private static EnrolmentPlan Refused(long epoch, params string[] reasons) => new(EnrolmentStep.Refuse, epoch, null, reasons);
}
