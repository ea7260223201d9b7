using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Backups;

/// <summary>Taking a backup, on the node's own host (queue <c>dr-node-&lt;name&gt;</c>).</summary>
public interface IBackupActivities
{
    /// <summary>
    /// Takes the instant into a staging folder. Run with one attempt: an attempt whose continuity check failed is discarded
    /// (<see cref="ErrorTypes.Discarded"/>), and only a new key makes a new attempt.
    /// </summary>
    [Activity("backup.capture")]
    Task<CaptureReceipt> CaptureAsync(CaptureCommand command);

    /// <summary>Uploads what was staged, resuming what an earlier attempt left; the manifest is the commit. Heartbeats.</summary>
    [Activity("backup.upload")]
    Task<BackupReceipt> UploadAsync(UploadCommand command);

    /// <summary>Drops a staging folder. Idempotent.</summary>
    [Activity("backup.discard")]
    Task DiscardAsync(UploadCommand command);
}
