using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Backups;

/// <summary>Restoring, on the node's own host (queue <c>dr-node-&lt;name&gt;</c>).</summary>
public interface IRestoreActivities
{
    /// <summary>What is staged for this backup. Reads only.</summary>
    [Activity("restore.staged")]
    Task<StagedState> StagedAsync(RestoreAct act);

    /// <summary>Downloads into a staging folder beside the data, hashing while it writes; resumes. Heartbeats.</summary>
    [Activity("restore.stage")]
    Task<StagedState> StageAsync(RestoreAct act);

    /// <summary>Reads every staged file again: the set equals the manifest's, byte for byte, and is on disk.</summary>
    [Activity("restore.verify-staged")]
    Task<StagedState> VerifyStagedAsync(RestoreAct act);

    /// <summary>
    /// Where the swap of this run (the key's first run id) is. Reads only. That an earlier run restored the same backup does not count
    /// as swapped: its data may be what has to be replaced.
    /// </summary>
    [Activity("restore.swapped")]
    Task<SwapState> SwappedAsync(RestoreAct act);

    /// <summary>Puts the staged folder in the place of the node's data; the node must be stopped. The HRS never falls.</summary>
    [Activity("restore.swap")]
    Task<SwapState> SwapAsync(RestoreAct act);

    /// <summary>
    /// Puts the former data back; the node must be stopped. The HRS never falls. Where nothing is swapped it succeeds, and the key's
    /// number counts from then on, so that a late swap is refused.
    /// </summary>
    [Activity("restore.swap-back")]
    Task<SwapState> SwapBackAsync(RestoreAct act);

    /// <summary>Drops the staging folder. Idempotent.</summary>
    [Activity("restore.drop-staged")]
    Task DropStagedAsync(RestoreAct act);

    /// <summary>The former data that swaps kept here, as their journals name it. Reads only.</summary>
    [Activity("restore.kept")]
    Task<IReadOnlyList<KeptFolder>> KeptAsync(KeptQuery query);

    /// <summary>Deletes one of them; refused while a swap is not finished. Gone already is a success. Answers the bytes freed.</summary>
    [Activity("restore.drop-kept")]
    Task<long> DropKeptAsync(KeptDrop drop);

    /// <summary>Rung 4: restores into a scratch home, starts a node there without keys and peers, and compares its app hash with the chain's.</summary>
    [Activity("restore.prove")]
    Task<VerificationReport> ProveAsync(VerifyCommand command);
}
