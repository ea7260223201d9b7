namespace VirtEngine.DR.Signing;

/// <summary>The interlock's decisions, as docs/signing.md explains them.</summary>
public sealed class SignerRules : ISignerRules
{
    private SignerRules()
    {
    }

    /// <summary>The only one.</summary>
    public static SignerRules Instance { get; } = new();

    /// <inheritdoc/>
    public bool HoldsLock => true;

    /// <inheritdoc/>
    public RegisterView View(SignerName signer, string register, IReadOnlyList<BucketSight> sights) => MembersRules.View(signer, register, sights);

    /// <inheritdoc/>
    public long NextEpoch(RegisterView view) => Sealing.NextEpoch(view);

    /// <inheritdoc/>
    public SealDecision Seal(RegisterView view, long epoch) => Sealing.Decide(view, epoch);

    /// <inheritdoc/>
    public IReadOnlyList<PossibleHolder> PossibleHolders(RegisterView view, long epoch) => Holders.Below(view, epoch);

    /// <inheritdoc/>
    public Decision Ended(PossibleHolder holder, long epoch, EndEvidence? evidence, string? nonce) => Ends.Judge(holder, epoch, evidence, nonce);

    /// <inheritdoc/>
    public Decision Ask(AskObservation seen) => AskRules.Missing(seen, this);

    /// <inheritdoc/>
    public Decision MayAdoptFence(MachineRecord record, RegisterView view, long fence) => FenceRules.MayAdopt(record, view, fence);

    /// <inheritdoc/>
    public Decision MayAnswerFence(FenceProgress progress, long fence) => FenceRules.MayAnswer(progress, fence);

    /// <inheritdoc/>
    public Decision MayRecordGrant(MachineRecord record, RegisterView view, Slot asked, string machine) => GrantRules.MayRecord(record, view, asked, machine);

    /// <inheritdoc/>
    public GateDecision Gate(GateObservation seen) => GateRules.Decide(seen);

    /// <inheritdoc/>
    public Decision Offline(OfflineObservation seen) => OfflineRules.Decide(seen);

    /// <inheritdoc/>
    public RepairDecision Repair(RegisterView view, string lost, string replacement, IReadOnlyList<SlotApproval> approvals) =>
        RepairRules.Decide(view, lost, replacement, approvals);
}
