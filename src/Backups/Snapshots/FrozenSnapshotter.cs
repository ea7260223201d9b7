using VirtEngine.DR.Backups.Snapshots.Freezing;
using VirtEngine.DR.Backups.Snapshots.Staging;

namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>
/// Method <c>frozen</c>: a running node is stopped for milliseconds. Its tables are hard-linked before, while it runs; inside the pause
/// only journals and small files are copied. What is captured is what a crash at that instant would leave.
/// </summary>
public sealed class FrozenSnapshotter : ISnapshotter
{
    /// <inheritdoc/>
    public string Method => "frozen";

    /// <inheritdoc/>
    public Task<ISnapshot> CaptureAsync(CaptureRequest request, CancellationToken cancellationToken) =>

        // A thread of its own: no other work of this process may come in between stop and thaw.
        Task.Factory.StartNew<ISnapshot>(
            () => Capture(request, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private static StagedSnapshot Capture(CaptureRequest request, CancellationToken cancellationToken)
    {
        var roots = SnapshotRoots.Of(request.Layout, request.StagingParent);
        var target = FreezeTarget.Find(request.Layout, roots);
        var space = new FreeSpace(request.StagingParent, request.FreeSpaceFloor, request.MeasureFreeSpace);
        Directory.CreateDirectory(request.StagingParent);
        space.Demand();
        var attempt = AttemptFolder.Create(request.StagingParent, request.AttemptId);
        try
        {
            using var work = new FrozenCapture(request, roots, target, attempt, space);
            return work.Run(cancellationToken);
        }
        catch
        {
            attempt.Drop();
            throw;
        }
    }
}
