using VirtEngine.DR.Backups.Snapshots.Staging;

namespace VirtEngine.DR.Backups.Snapshots.Freezing;

/// <summary>The node as processes: whoever holds the databases' LOCK files.</summary>
/// <param name="Processes">The holders.</param>
/// <param name="Locks">The LOCK files.</param>
internal sealed record FreezeTarget(IReadOnlyList<ProcessId> Processes, HashSet<(ulong Device, ulong Inode)> Locks)
{
    /// <summary>Finds the holders, and refuses when another process may write too or when somebody stopped the node.</summary>
    public static FreezeTarget Find(NodeLayout layout, IReadOnlyList<string> roots)
    {
        var paths = SnapshotRoots.Resolved(layout, roots);
        var locks = ProcessTable.LockFiles(paths);
        var holders = ProcessTable.Holders(locks);
        if (holders.Count == 0)
        {
            throw new SnapshotException(
                SnapshotErrors.TargetNotRunning, $"no process holds a LOCK file under '{layout.Home}': the node does not run here (method 'stopped' fits), or it runs as a user whose processes this one cannot see");
        }

        foreach (var (process, path) in ProcessTable.Writers(paths))
        {
            if (!holders.Contains(process))
            {
                throw new SnapshotException(
                    SnapshotErrors.TargetForeignWriter, $"process {process.Pid} has '{path}' open for writing and is not the node: stop it, or what is captured is not of one instant");
            }
        }

        return holders.FirstOrDefault(process => process.Stopped) is { } stopped
            ? throw new SnapshotException(SnapshotErrors.TargetStopped, $"process {stopped.Pid} was found stopped: somebody fenced it; it is left so")
            : new FreezeTarget(holders, locks);
    }

    /// <summary>Throws unless the holders are still the same.</summary>
    public void Confirm()
    {
        var now = ProcessTable.Holders(Locks);
        if (!now.SequenceEqual(Processes))
        {
            throw new SnapshotException(
                SnapshotErrors.ContinuityBroken, $"the LOCK files were held by {string.Join(", ", Processes)} and are held by {string.Join(", ", now)} now: the node was restarted");
        }
    }
}
