namespace VirtEngine.DR.Signing;

/// <summary>The interlock's decisions. There is one implementation; tests inject broken ones into hosts of their own to see that the checks find them.</summary>
public interface ISignerRules
{
    /// <summary>Judges what buckets answered.</summary>
    RegisterView View(SignerName signer, string register, IReadOnlyList<BucketSight> sights);

    /// <summary>The epoch to ask for.</summary>
    long NextEpoch(RegisterView view);

    /// <summary>Whether the seal below an epoch holds.</summary>
    SealDecision Seal(RegisterView view, long epoch);

    /// <summary>Who may hold the key below an epoch.</summary>
    IReadOnlyList<PossibleHolder> PossibleHolders(RegisterView view, long epoch);

    /// <summary>Whether a possible holder is ended.</summary>
    Decision Ended(PossibleHolder holder, long epoch, EndEvidence? evidence, string? nonce);

    /// <summary>What is missing before an asker may put its object.</summary>
    Decision Ask(AskObservation seen);

    /// <summary>Whether a machine may write a fence.</summary>
    Decision MayAdoptFence(MachineRecord record, RegisterView view, long fence);

    /// <summary>Whether a machine may answer that it is fenced.</summary>
    Decision MayAnswerFence(FenceProgress progress, long fence);

    /// <summary>Whether a machine may record a grant.</summary>
    Decision MayRecordGrant(MachineRecord record, RegisterView view, Slot asked, string machine);

    /// <summary>Whether the gate starts the signer.</summary>
    GateDecision Gate(GateObservation seen);

    /// <summary>Whether the lock is held for the signer's whole life.</summary>
    bool HoldsLock { get; }

    /// <summary>Break glass.</summary>
    Decision Offline(OfflineObservation seen);

    /// <summary>What a repair of the register copies.</summary>
    RepairDecision Repair(RegisterView view, string lost, string replacement, IReadOnlyList<SlotApproval> approvals);
}
