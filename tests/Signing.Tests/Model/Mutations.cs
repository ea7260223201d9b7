namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>The mutations of the design that the model must find. They live in the tests' host only.</summary>
internal sealed class NoSeal : RulesUnderTest
{
    public override string Name => "no seal";

    public override SealDecision Seal(RegisterView view, long epoch) => new([], []);

    public override Decision MayAdoptFence(MachineRecord record, RegisterView view, long fence) => Decision.Yes;
}

internal sealed class FenceWithoutStop : RulesUnderTest
{
    public override string Name => "fence without stop";

    public override Decision MayAnswerFence(FenceProgress progress, long fence) => base.MayAnswerFence(progress with { SignerStopped = true, LockObtained = true }, fence);
}

internal sealed class GateWithoutLock : RulesUnderTest
{
    public override string Name => "gate without the held lock";

    public override bool HoldsLock => false;
}

internal sealed class EmptyBucketCounted : RulesUnderTest
{
    public override string Name => "an empty bucket counted";

    public override RegisterView View(SignerName signer, string register, IReadOnlyList<BucketSight> sights)
    {
        var view = base.View(signer, register, sights);
        return view with { Buckets = [.. view.Buckets.Select(bucket => bucket with { Slots = bucket.Slots ?? sights.FirstOrDefault(sight => sight.Bucket == bucket.Bucket)?.Slots })] };
    }
}

internal sealed class RolledBackDiskAllowed : RulesUnderTest
{
    public override string Name => "a rolled-back disk allowed";

    public override GateDecision Gate(GateObservation seen) => base.Gate(seen with { Record = seen.Record! with { CheckedBoot = seen.BootId } });
}

internal sealed class RetirementByMachine : RulesUnderTest
{
    public override string Name => "retirement by machine";

    public override IReadOnlyList<PossibleHolder> PossibleHolders(RegisterView view, long epoch)
    {
        var retired = Holders.Retired(view, epoch).Select(end => end.Machine).ToHashSet();
        return [.. base.PossibleHolders(view, epoch).Where(holder => !retired.Contains(holder.Machine))];
    }
}

internal sealed class DisabledKeyIsAnEnd : RulesUnderTest
{
    public override string Name => "a key re-enabled";

    public override Decision Ended(PossibleHolder holder, long epoch, EndEvidence? evidence, string? nonce) =>
        evidence?.Kind == EndKind.KeyDisabled ? Decision.Yes : base.Ended(holder, epoch, evidence, nonce);
}

internal sealed class BreakGlassForAll : RulesUnderTest
{
    public override string Name => "break glass without offlineAllowed";

    public override Decision Offline(OfflineObservation seen)
    {
        var record = seen.Gate.Record!;
        var epoch = Math.Max(record.Fence, 1);
        return base.Offline(seen with { Gate = seen.Gate with { Record = record with { OfflineEpoch = epoch, OfflineHolder = seen.Gate.Machine, OfflineAllowed = [seen.Gate.Machine] } } });
    }
}
