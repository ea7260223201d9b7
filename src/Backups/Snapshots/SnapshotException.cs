namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>A snapshot could not be taken, or was taken and does not count. The node was left as it was found.</summary>
/// <param name="code">One of <see cref="SnapshotErrors"/>.</param>
/// <param name="message">For the operator: what was found and what to do.</param>
/// <param name="inner">The cause, when there is one.</param>
public sealed class SnapshotException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>One of <see cref="SnapshotErrors"/>.</summary>
    public string Code { get; } = code;

    /// <summary>True when a new attempt (with a new id) may succeed without anybody doing anything.</summary>
    public bool Transient => Code is SnapshotErrors.BudgetExceeded or SnapshotErrors.ContinuityBroken or SnapshotErrors.GuardFailed
        or SnapshotErrors.TargetGone or SnapshotErrors.StagingRaced;
}
