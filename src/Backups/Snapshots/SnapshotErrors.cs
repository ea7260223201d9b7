namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>The codes of <see cref="SnapshotException"/>.</summary>
public static class SnapshotErrors
{
    /// <summary>The node was found stopped or frozen: somebody fenced it. Never touched, never thawed by us.</summary>
    public const string TargetStopped = "target-stopped";

    /// <summary>No process holds the databases' LOCK files: the node does not run (method <c>stopped</c> fits).</summary>
    public const string TargetNotRunning = "target-not-running";

    /// <summary>A process holds a LOCK file although the method needs a stopped node.</summary>
    public const string TargetRunning = "target-running";

    /// <summary>The node ended or was replaced while the snapshot was taken.</summary>
    public const string TargetGone = "target-gone";

    /// <summary>A process outside the node has a file under the data folders open for writing.</summary>
    public const string TargetForeignWriter = "target-foreign-writer";

    /// <summary>Signals to the node or reading its /proc entries are not permitted; run as the node's user or root.</summary>
    public const string TargetDenied = "target-denied";

    /// <summary>Hard links from a database folder to staging are refused (another file system, protected links): use another method.</summary>
    public const string LinkRefused = "link-refused";

    /// <summary>The pause did not suffice; the guard let the node go on and the attempt was discarded.</summary>
    public const string BudgetExceeded = "budget-exceeded";

    /// <summary>The bytes to copy inside the pause exceed the request's limit; nothing was stopped.</summary>
    public const string PauseTooLarge = "pause-too-large";

    /// <summary>The node ran during the pause (a foreign CONT, a restart, another LOCK holder): the files are not of one instant.</summary>
    public const string ContinuityBroken = "continuity-broken";

    /// <summary>The guard process could not be started or died; the node was let go on.</summary>
    public const string GuardFailed = "guard-failed";

    /// <summary>Free space fell under the floor; staging was dropped.</summary>
    public const string DiskLow = "disk-low";

    /// <summary>The attempt id was used before.</summary>
    public const string AttemptReused = "attempt-reused";

    /// <summary>A staged file changed although it must not; the attempt was discarded.</summary>
    public const string StagingRaced = "staging-raced";

    /// <summary>The home or its configuration is not as expected; the message says which file or key.</summary>
    public const string LayoutInvalid = "layout-invalid";

    /// <summary>No complete state-sync snapshot of the wanted height exists.</summary>
    public const string NoStateSyncSnapshot = "no-state-sync-snapshot";

    /// <summary>A table's framing or block checksum is wrong at its source.</summary>
    public const string SourceCorrupt = "source-corrupt";
}
