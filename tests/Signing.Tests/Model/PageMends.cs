namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>The design page's own words where the model found two signers in them: each is one mend of docs/adr/0007 taken away.</summary>
internal sealed class NoVoidBetween : RulesUnderTest
{
    public override string Name => "the next epoch, without a void between";

    public override long NextEpoch(RegisterView view) => view.HighestFilled + 1;

    public override SealDecision Seal(RegisterView view, long epoch) => Without(base.Seal(view, epoch));

    public override Decision MayAdoptFence(MachineRecord record, RegisterView view, long fence) =>
        fence <= record.Fence ? Decision.Yes : Decision.Of(Seal(view, fence).Missing);

    private static SealDecision Without(SealDecision held) => held with { Missing = [.. held.Missing.Where(missing => !missing.Contains("void stands between", StringComparison.Ordinal))] };
}

internal sealed class OnlyHoldersAbove : RulesUnderTest
{
    public override string Name => "a seal above refuses nobody";

    public override GateDecision Gate(GateObservation seen) => base.Gate(seen with { View = seen.View is null ? null : Blind(seen.View, seen.Record!.Grant) });

    public override Decision MayRecordGrant(MachineRecord record, RegisterView view, Slot asked, string machine) =>
        base.MayRecordGrant(record, Blind(view, asked.Object.Epoch), asked, machine);

    /// <summary>The same without what is void or lost above the epoch.</summary>
    private static RegisterView Blind(RegisterView view, long epoch) => view with
    {
        Buckets = [.. view.Buckets.Select(bucket => bucket.Slots is null ? bucket : bucket with
        {
            Slots = bucket.Slots.Where(slot => slot.Key <= epoch || slot.Value.IsHolder).ToDictionary(slot => slot.Key, slot => slot.Value),
        })],
    };
}

internal sealed class MinorityIsEnough : RulesUnderTest
{
    public override string Name => "the first start after a boot with one bucket in reach";

    public override GateDecision Gate(GateObservation seen) => seen.View is { Reachable: > 0, Answers: false } view && GateRules.Local(seen).Count == 0
        ? GrantRules.Above(view with { Buckets = [.. view.Buckets.Where(bucket => bucket.Reachable)] }, seen.Record!.Grant).Allowed ? GateRules.Chain(seen.Rpcs, seen.LastSigned!.Value) : base.Gate(seen)
        : base.Gate(seen);
}

internal sealed class ChainIsEnough : RulesUnderTest
{
    public override string Name => "the first start after a boot by two RPCs, no bucket in reach";

    public override GateDecision Gate(GateObservation seen) => seen.View is { Reachable: 0 } && GateRules.Local(seen).Count == 0
        ? GateRules.Chain(seen.Rpcs, seen.LastSigned!.Value) : base.Gate(seen);
}

internal sealed class ChainNotAsked : RulesUnderTest
{
    public override string Name => "the first start after a boot by the buckets, without the chain";

    public override GateDecision Gate(GateObservation seen) => seen.View is { Answers: true } view && GateRules.Local(seen).Count == 0
        ? GrantRules.Above(view, seen.Record!.Grant) is { Allowed: false } above ? new GateDecision(GateVerdict.Refuse, above.Missing) : new GateDecision(GateVerdict.Start, [])
        : base.Gate(seen);
}

internal sealed class CheckedByTheGrant : RulesUnderTest
{
    public override string Name => "a grant that counts as the boot's check";

    // What is recorded in this boot is what was granted in it: the first start asks nobody.
    public override GateDecision Gate(GateObservation seen) => seen.View is { Answers: true } && seen.Record!.Grant == seen.Record.Fence && GateRules.Local(seen).Count == 0
        ? new GateDecision(GateVerdict.Start, []) : base.Gate(seen);
}
