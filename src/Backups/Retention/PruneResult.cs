namespace VirtEngine.DR.Backups.Retention;

/// <summary>What a pruning did, or would do.</summary>
/// <param name="DryRun">Nothing was changed.</param>
/// <param name="Decisions">Each backup.</param>
/// <param name="ManifestsRemoved">Manifests replaced by tombstones.</param>
/// <param name="ObjectsMarked">Objects newly marked (in a dry run: that would be).</param>
/// <param name="ObjectsDeleted">Object versions deleted.</param>
/// <param name="BytesDeleted">Their stored size.</param>
/// <param name="WaitingFor">Intents of running backups that the marked objects wait for; the next pruning goes on from there.</param>
/// <param name="IntentsRevoked">Intents that were too old and got a tombstone.</param>
public sealed record PruneResult(
    bool DryRun,
    IReadOnlyList<RetentionDecision> Decisions,
    int ManifestsRemoved,
    int ObjectsMarked,
    int ObjectsDeleted,
    long BytesDeleted,
    IReadOnlyList<string> WaitingFor,
    IReadOnlyList<string> IntentsRevoked);
