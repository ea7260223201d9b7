using VirtEngine.DR.Backups.Snapshots.Staging;

namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>
/// Method <c>state-sync</c>: copies a snapshot that the node itself completed (<c>data/snapshots/HEIGHT/FORMAT</c>) with the database
/// that describes it, while the node runs. Nothing is stopped. It holds the application's state at a past height, neither blocks nor
/// history: a restore is <c>snapshots restore</c>, a trusted height and <c>comet bootstrap-state</c>.
/// </summary>
public sealed class StateSyncSnapshotter : ISnapshotter
{
    private const int Attempts = 5;

    /// <inheritdoc/>
    public string Method => "state-sync";

    /// <inheritdoc/>
    public Task<ISnapshot> CaptureAsync(CaptureRequest request, CancellationToken cancellationToken) =>
        Task.Run<ISnapshot>(() => Capture(request, cancellationToken), cancellationToken);

    private static StagedSnapshot Capture(CaptureRequest request, CancellationToken cancellationToken)
    {
        var snapshots = Path.Combine(request.Layout.Home, request.Layout.DatabaseFolder, "snapshots");
        Directory.CreateDirectory(request.StagingParent);
        var space = new FreeSpace(request.StagingParent, request.FreeSpaceFloor, request.MeasureFreeSpace);
        space.Demand();
        var attempt = AttemptFolder.Create(request.StagingParent, request.AttemptId);
        try
        {
            var source = new StateSyncSource(request.Layout, snapshots, attempt);
            for (var retry = 0; retry < Attempts; retry++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (source.TryTake(request.Height, cancellationToken) is { } files)
                {
                    space.Demand();
                    var links = files.Count(file => file.File.Identity is not null);
                    return new StagedSnapshot(
                        new InstantInfo("state-sync", DateTimeOffset.UtcNow, TimeSpan.Zero, links, files.Count - links, 0), files, attempt, space);
                }
            }

            throw new SnapshotException(SnapshotErrors.StagingRaced, $"'{snapshots}' changed during each of {Attempts} tries: try again when the node is not taking a snapshot");
        }
        catch
        {
            attempt.Drop();
            throw;
        }
    }
}
