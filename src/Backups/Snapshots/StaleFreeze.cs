namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>What was found of one killed attempt.</summary>
/// <param name="AttemptId">The attempt.</param>
/// <param name="Thawed">Processes that stood still and were let go on.</param>
/// <param name="StagingDropped">Its links and copies were removed.</param>
public sealed record StaleFreeze(string AttemptId, IReadOnlyList<int> Thawed, bool StagingDropped);
