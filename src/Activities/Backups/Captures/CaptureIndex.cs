using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Contracts.Backups;

namespace VirtEngine.DR.Activities.Backups.Captures;

/// <summary>What stands in a staged capture, fsynced beside it: with it an upload goes on after its worker was killed.</summary>
/// <param name="Attempt">The attempt's id.</param>
/// <param name="Kind">The kind.</param>
/// <param name="BootId">Copies are not fsynced one by one: after a crash of the host the capture is discarded.</param>
/// <param name="Receipt">The answer that was given.</param>
/// <param name="Instant">How the instant was taken.</param>
/// <param name="BlockTime">The time of the receipt's block.</param>
/// <param name="BinaryVersion">The node's binary.</param>
/// <param name="Files">Every file.</param>
internal sealed record CaptureIndex(
    string Attempt, string Kind, string BootId, CaptureReceipt Receipt, InstantInfo Instant, DateTimeOffset? BlockTime, string? BinaryVersion,
    IReadOnlyList<SnapshotFile> Files);
