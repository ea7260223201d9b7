namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>Method <c>stopped</c>.</summary>
public sealed class StoppedSnapshotter : ISnapshotter
{
    /// <inheritdoc/>
    public string Method => "stopped";

    /// <inheritdoc/>
    public Task<ISnapshot> CaptureAsync(CaptureRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
}
