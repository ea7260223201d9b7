namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>Method <c>state-sync</c>.</summary>
public sealed class StateSyncSnapshotter : ISnapshotter
{
    /// <inheritdoc/>
    public string Method => "state-sync";

    /// <inheritdoc/>
    public Task<ISnapshot> CaptureAsync(CaptureRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
}
