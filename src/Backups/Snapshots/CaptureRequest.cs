namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>What to snapshot, and where the links and copies may stand meanwhile.</summary>
/// <param name="Layout">The node's folders (<see cref="NodeLayout.Read"/>).</param>
/// <param name="StagingParent">
/// A folder outside the node's data on the same file system. The attempt's folder is made below it, and so is the thaw record that
/// <see cref="StaleFreezes"/> reads when a worker starts.
/// </param>
/// <param name="AttemptId">Names the attempt; never used twice (letters, digits, '-', '_', '.').</param>
public sealed record CaptureRequest(NodeLayout Layout, string StagingParent, string AttemptId)
{
    /// <summary>The longest time that the node may stand still; the guard lets it go on after that, and the attempt fails.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>More bytes than this to copy inside the pause refuse the attempt before it stops anything.</summary>
    public long MaxPausedBytes { get; init; } = 128L << 20;

    /// <summary>Below this share of free space on the staging file system the attempt fails and its staging is dropped.</summary>
    public double FreeSpaceFloor { get; init; } = 0.10;

    /// <summary>
    /// The cgroup (v2) folder that holds exactly the node, when it shall be frozen as a whole instead of process by process; null is SIGSTOP.
    /// </summary>
    public string? Cgroup { get; init; }

    /// <summary>The state-sync snapshot to copy (method <c>state-sync</c> only); zero is the newest complete one.</summary>
    public long Height { get; init; }

    /// <summary>Tells the free share of a folder's file system; for tests of the floor.</summary>
    internal Func<string, double>? MeasureFreeSpace { get; init; }

    /// <summary>Runs between the stop and the delta; for tests that disturb a pause.</summary>
    internal Action? WhileFrozen { get; init; }
}
