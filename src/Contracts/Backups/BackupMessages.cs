using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Contracts.Backups;

/// <summary>Names one backup and says what is known about it. Large things (file lists) stay in the repository.</summary>
public sealed record BackupRef
{
    /// <summary>The chain.</summary>
    public required string Chain { get; init; }

    /// <summary>The node.</summary>
    public required string Node { get; init; }

    /// <summary>The kind, see <see cref="BackupKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The backup's id: the manifest key's last part.</summary>
    public required string Id { get; init; }

    /// <summary>The manifest's key in every region's bucket.</summary>
    public required string ManifestKey { get; init; }

    /// <summary>SHA-256 of the manifest's bytes, lower-case hex.</summary>
    public required string Digest { get; init; }

    /// <summary>The height, a lower bound until rung 4 finds the exact one.</summary>
    public long Height { get; init; }

    /// <summary>The app hash that goes with it, upper-case hex, where known.</summary>
    public string? AppHash { get; init; }

    /// <summary>When the instant was taken.</summary>
    public DateTimeOffset TakenAt { get; init; }

    /// <summary>Bytes after a restore.</summary>
    public long Bytes { get; init; }

    /// <summary>Files after a restore.</summary>
    public int Files { get; init; }

    /// <summary>The binary's version at the instant.</summary>
    public string? BinaryVersion { get; init; }

    /// <summary>The database kind.</summary>
    public string? Database { get; init; }
}

/// <summary>Takes the instant of a node.</summary>
/// <param name="Key">The idempotency key.</param>
/// <param name="Slice">The node.</param>
/// <param name="Kind">The kind.</param>
public sealed record CaptureCommand(StepKey Key, NodeSlice Slice, string Kind);

/// <summary>An instant that is staged on the node's host and awaits its upload.</summary>
/// <param name="Staging">The folder on the node's host.</param>
/// <param name="Method">How it was taken.</param>
/// <param name="TakenAt">When.</param>
/// <param name="Pause">How long the node stood still.</param>
/// <param name="Files">Files.</param>
/// <param name="Bytes">Bytes.</param>
/// <param name="Height">The node's height just before.</param>
/// <param name="AppHash">The app hash that goes with it, where an RPC gave one.</param>
/// <param name="LeftOut">What the estate asks for, is there, and is not in it, with why; null or empty: nothing.</param>
public sealed record CaptureReceipt(
    string Staging, string Method, DateTimeOffset TakenAt, TimeSpan Pause, int Files, long Bytes, long Height, string? AppHash,
    IReadOnlyList<string>? LeftOut = null);

/// <summary>Uploads a staged instant to the node's own region.</summary>
/// <param name="Key">The idempotency key.</param>
/// <param name="Slice">The node.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Capture">What was staged.</param>
/// <param name="BackupId">The random id, made once per run so that a retry finds its own work again.</param>
public sealed record UploadCommand(StepKey Key, NodeSlice Slice, string Kind, CaptureReceipt Capture, string BackupId);

/// <summary>A backup that is committed.</summary>
/// <param name="Backup">Which.</param>
/// <param name="Regions">Regions that hold it, rung 1 passed there.</param>
/// <param name="MissingRegions">Regions that should and don't, with why.</param>
/// <param name="UploadedBytes">Stored bytes written to the first region.</param>
/// <param name="ReusedFiles">Files found in the known-tables index.</param>
/// <param name="Pause">How long the node stood still.</param>
/// <param name="Method">How the instant was taken.</param>
public sealed record BackupReceipt(
    BackupRef Backup, IReadOnlyList<string> Regions, IReadOnlyList<string> MissingRegions, long UploadedBytes, int ReusedFiles, TimeSpan Pause,
    string Method);

/// <summary>Copies a backup to another region.</summary>
/// <param name="Slice">The node.</param>
/// <param name="Backup">Which.</param>
/// <param name="From">Where it is.</param>
/// <param name="To">Where it shall be.</param>
public sealed record ReplicateCommand(NodeSlice Slice, BackupRef Backup, BucketSpec From, BucketSpec To);

/// <summary>Chooses a backup.</summary>
/// <param name="Slice">The node.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Selector"><c>newest-proven</c>, <c>newest</c> or an id.</param>
/// <param name="At">At or before this time.</param>
public sealed record ChooseCommand(NodeSlice Slice, string Kind, string Selector, DateTimeOffset? At)
{
    /// <summary>At or below this height: what is above it is known to be wrong. Null: any.</summary>
    public long? AtMostHeight { get; init; }
}

/// <summary>The backup that was chosen, and what people should know about it.</summary>
/// <param name="Backup">Which.</param>
/// <param name="Regions">Regions that hold it whole.</param>
/// <param name="ProvenRung">The highest rung that passed, 0 for none.</param>
/// <param name="ProvenAt">When.</param>
/// <param name="Newer">Newer backups that were not chosen, with why.</param>
/// <param name="Unreachable">Regions that could not be asked, with why.</param>
public sealed record BackupChoice(
    BackupRef Backup, IReadOnlyList<string> Regions, int ProvenRung, DateTimeOffset? ProvenAt, IReadOnlyList<string> Newer,
    IReadOnlyList<string> Unreachable)
{
    /// <summary>The newest backup there is, over all regions, when it is not the chosen one: what is lost is counted against it.</summary>
    public BackupRef? Newest { get; init; }
}

/// <summary>Climbs the verification ladder in one region.</summary>
/// <param name="Slice">The node.</param>
/// <param name="Backup">Which.</param>
/// <param name="Bucket">Where.</param>
/// <param name="Rung">Up to which rung.</param>
public sealed record VerifyCommand(NodeSlice Slice, BackupRef Backup, BucketSpec Bucket, int Rung);

/// <summary>A rung that was reached.</summary>
/// <param name="Backup">Which.</param>
/// <param name="Region">Where.</param>
/// <param name="Rung">The highest rung that passed.</param>
/// <param name="At">When.</param>
/// <param name="Height">The exact height, found by rung 4.</param>
/// <param name="Findings">What was checked and found.</param>
public sealed record VerificationReport(
    BackupRef Backup, string Region, int Rung, DateTimeOffset At, long? Height, IReadOnlyList<string> Findings);

/// <summary>Prunes one node's backups of one kind in one region.</summary>
/// <param name="Slice">The node.</param>
/// <param name="Bucket">Where.</param>
/// <param name="Kind">The kind.</param>
/// <param name="DryRun">Delete nothing.</param>
public sealed record PruneCommand(NodeSlice Slice, BucketSpec Bucket, string Kind, bool DryRun);

/// <summary>A mutating step of a restore on the node's host.</summary>
/// <param name="Key">The idempotency key.</param>
/// <param name="Slice">The node.</param>
/// <param name="Backup">Which backup.</param>
/// <param name="Regions">Regions to read from, in order.</param>
public sealed record RestoreAct(StepKey Key, NodeSlice Slice, BackupRef Backup, IReadOnlyList<string> Regions);

/// <summary>What is staged on the node's host for a restore.</summary>
/// <param name="Folder">Where; null when nothing is.</param>
/// <param name="Complete">The file set equals the manifest's, every byte hashed.</param>
/// <param name="Files">Files that are there and right.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Downloaded">Bytes downloaded by this call.</param>
public sealed record StagedState(string? Folder, bool Complete, int Files, long Bytes, long Downloaded);

/// <summary>Where the swap is.</summary>
/// <param name="Swapped">The node's data is the backup's.</param>
/// <param name="Kept">The former data's folder; null when there was none.</param>
/// <param name="SignState">Height/round/step in place now; null where there is none.</param>
public sealed record SwapState(bool Swapped, string? Kept, string? SignState);
