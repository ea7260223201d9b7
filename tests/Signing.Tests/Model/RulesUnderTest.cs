namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>The product's decisions, one by one replaceable: only tests may.</summary>
internal class RulesUnderTest : ISignerRules
{
    private static SignerRules Real => SignerRules.Instance;

    public virtual string Name => "the product's rules";

    public virtual bool HoldsLock => Real.HoldsLock;

    public virtual RegisterView View(SignerName signer, string register, IReadOnlyList<BucketSight> sights) => Real.View(signer, register, sights);

    public virtual long NextEpoch(RegisterView view) => Real.NextEpoch(view);

    public virtual SealDecision Seal(RegisterView view, long epoch) => Real.Seal(view, epoch);

    public virtual IReadOnlyList<PossibleHolder> PossibleHolders(RegisterView view, long epoch) => Real.PossibleHolders(view, epoch);

    public virtual Decision Ended(PossibleHolder holder, long epoch, EndEvidence? evidence, string? nonce) => Real.Ended(holder, epoch, evidence, nonce);

    public virtual Decision Ask(AskObservation seen) => AskRules.Missing(seen, this);

    public virtual Decision MayAdoptFence(MachineRecord record, RegisterView view, long fence) => Real.MayAdoptFence(record, view, fence);

    public virtual Decision MayAnswerFence(FenceProgress progress, long fence) => Real.MayAnswerFence(progress, fence);

    public virtual Decision MayRecordGrant(MachineRecord record, RegisterView view, Slot asked, string machine) => Real.MayRecordGrant(record, view, asked, machine);

    public virtual GateDecision Gate(GateObservation seen) => Real.Gate(seen);

    public virtual Decision Offline(OfflineObservation seen) => Real.Offline(seen);

    public virtual RepairDecision Repair(RegisterView view, string lost, string replacement, IReadOnlyList<SlotApproval> approvals) => Real.Repair(view, lost, replacement, approvals);
}
