namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>
/// Called when a worker starts, before anything else: lets go on what a killed attempt may have left stopped (worker and guard killed
/// together), and drops its staging. Only processes named by a record that was written before the stop are touched.
/// </summary>
public static class StaleFreezes
{
    /// <summary>Thaws every target recorded below the staging parent that still is that process and still stands still.</summary>
    /// <returns>The attempts found, with what was done.</returns>
    public static Task<IReadOnlyList<StaleFreeze>> ThawAllAsync(string stagingParent, CancellationToken cancellationToken) => throw new NotSupportedException();
}

/// <summary>What was found of one killed attempt.</summary>
/// <param name="AttemptId">The attempt.</param>
/// <param name="Thawed">Processes that stood still and were let go on.</param>
/// <param name="StagingDropped">Its links and copies were removed.</param>
public sealed record StaleFreeze(string AttemptId, IReadOnlyList<int> Thawed, bool StagingDropped);
