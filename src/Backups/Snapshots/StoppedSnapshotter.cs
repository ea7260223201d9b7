using VirtEngine.DR.Backups.Snapshots.Freezing;
using VirtEngine.DR.Backups.Snapshots.Staging;

namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>
/// Method <c>stopped</c>: the node does not run. The LOCK files are held while links and copies are made, so that nobody starts it in
/// between; once the snapshot is returned the node may start again.
/// </summary>
public sealed class StoppedSnapshotter : ISnapshotter
{
    /// <inheritdoc/>
    public string Method => "stopped";

    /// <inheritdoc/>
    public Task<ISnapshot> CaptureAsync(CaptureRequest request, CancellationToken cancellationToken) =>
        Task.Run<ISnapshot>(() => Capture(request, cancellationToken), cancellationToken);

    private static StagedSnapshot Capture(CaptureRequest request, CancellationToken cancellationToken)
    {
        var roots = SnapshotRoots.Of(request.Layout, request.StagingParent);
        var paths = SnapshotRoots.Resolved(request.Layout, roots);
        DemandStopped(paths);
        Directory.CreateDirectory(request.StagingParent);
        var space = new FreeSpace(request.StagingParent, request.FreeSpaceFloor, request.MeasureFreeSpace);
        space.Demand();
        var attempt = AttemptFolder.Create(request.StagingParent, request.AttemptId);
        var folders = new List<StagedFolder>();
        try
        {
            using var locks = new HeldLocks(paths);
            using var copier = new FileCopier();
            folders.AddRange(roots.Select(root => SnapshotRoots.Open(request.Layout, root, attempt)));
            var rules = new FileRules(request.Layout);
            var links = new LinkPass(rules, copier, settledBefore: 0);
            folders.ForEach(folder => links.Run(folder, cancellationToken));
            var delta = new DeltaPass(rules, copier, settledBefore: 0, rehearsal: false);
            folders.ForEach(delta.Run);

            // Databases that lock in another way than ours would have let a node start: then it shows here.
            DemandStopped(paths);
            space.Demand();
            var files = new List<CapturedFile>();
            folders.ForEach(folder => Harvest.Collect(folder, files));
            var instant = new InstantInfo(
                "stopped", DateTimeOffset.UtcNow, TimeSpan.Zero, files.Count(file => file.File.Identity is not null), delta.CopiedFiles, delta.CopiedBytes);
            return new StagedSnapshot(instant, files, attempt, space);
        }
        catch
        {
            attempt.Drop();
            throw;
        }
        finally
        {
            folders.ForEach(folder => folder.Dispose());
        }
    }

    private static void DemandStopped(IReadOnlyList<string> paths)
    {
        if (ProcessTable.Holders(ProcessTable.LockFiles(paths)) is [var holder, ..])
        {
            throw new SnapshotException(SnapshotErrors.TargetRunning, $"process {holder.Pid} holds the databases' LOCK: stop the node first, or use method 'frozen'");
        }

        if (ProcessTable.Writers(paths) is [var (writer, path), ..])
        {
            throw new SnapshotException(SnapshotErrors.TargetForeignWriter, $"process {writer.Pid} has '{path}' open for writing");
        }
    }
}
