using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Signers;

/// <summary>
/// What askers let a signer's own host do (queue <c>dr-node-&lt;name&gt;</c>). The register and the machines decide; these calls collect proofs and
/// put objects, and every one of them may be repeated.
/// </summary>
public interface ISignerActivities
{
    /// <summary>Who may sign, what this machine has recorded, and whether its gate would start the signer. Reads only.</summary>
    [Activity("signer.observe")]
    Task<SignerReport> ObserveAsync(SignerQuery query);

    /// <summary>Fills every empty slot below the epoch with a void, and says whether the seal holds and who may hold the key.</summary>
    [Activity("signer.seal")]
    Task<SealReport> SealAsync(SignerAct act);

    /// <summary>On a possible holder's host: writes the fence, stops the signer, obtains its lock, and answers.</summary>
    [Activity("signer.fence")]
    Task<FenceReport> FenceAsync(SignerAct act);

    /// <summary>Waits until enough blocks without a signature of this key were seen through two RPCs, or the chain is seen to be halted.</summary>
    [Activity("signer.await-silence")]
    Task<SilenceReport> AwaitSilenceAsync(SignerAct act);

    /// <summary>Holds statements of ends against the enrolled machines, the people's keys and the rules. Reads only.</summary>
    [Activity("signer.check-ends")]
    Task<EndsReport> CheckEndsAsync(SignerEnds ends);

    /// <summary>Judges the proofs: the object to put, or everything that is missing for it. Writes nothing.</summary>
    [Activity("signer.judge")]
    Task<Judgement> JudgeAsync(SignerAsk ask);

    /// <summary>What the register holds at the object's epoch. Reads only.</summary>
    [Activity("signer.slot")]
    Task<SlotReport> SlotAsync(SignerPut put);

    /// <summary>Puts the object into every bucket and reads again.</summary>
    [Activity("signer.put")]
    Task<SlotReport> PutAsync(SignerPut put);

    /// <summary>The machine looks at the register for itself, raises its HRS file to the floor and records the grant.</summary>
    [Activity("signer.record")]
    Task<SignerReport> RecordAsync(SignerAct act);

    /// <summary>Waits until the chain shows a signature of this key above a height; fails with <see cref="ErrorTypes.Deadline"/>.</summary>
    [Activity("signer.await-signature")]
    Task<SignatureReport> AwaitSignatureAsync(SignatureQuery query);
}
