using VirtEngine.DR.Backups.Snapshots.Freezing;
using VirtEngine.DR.Backups.Snapshots.Staging;

namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>
/// Called when a worker starts, before anything else: lets go on what a killed attempt may have left stopped (worker and guard killed
/// together), and drops its staging. Only processes named by a record that was written before the stop are touched, and only attempts
/// whose process is gone.
/// </summary>
public static class StaleFreezes
{
    /// <summary>Thaws every target recorded below the staging parent that still is that process and still stands still.</summary>
    /// <returns>The attempts found, with what was done.</returns>
    public static Task<IReadOnlyList<StaleFreeze>> ThawAllAsync(string stagingParent, CancellationToken cancellationToken)
    {
        var stale = AttemptFolder.All(stagingParent).Where(attempt => attempt.Owner is not { Exists: true }).ToList();

        // Every node first: a folder of a hundred thousand links takes its time to drop.
        var found = stale.Select(attempt =>
        {
            var thawed = ThawRecord.Read(attempt.Record)?.Thaw() ?? [];
            File.Delete(attempt.Record);
            return (Attempt: attempt, Thawed: thawed);
        }).ToList();
        var dropped = new List<StaleFreeze>();
        foreach (var (attempt, thawed) in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            attempt.Drop();
            dropped.Add(new StaleFreeze(Path.GetFileName(attempt.Path), thawed, StagingDropped: true));
        }

        return Task.FromResult<IReadOnlyList<StaleFreeze>>(dropped);
    }
}
