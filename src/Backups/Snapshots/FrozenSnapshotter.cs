namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>Method <c>frozen</c>.</summary>
public sealed class FrozenSnapshotter : ISnapshotter
{
    /// <inheritdoc/>
    public string Method => "frozen";

    /// <inheritdoc/>
    public Task<ISnapshot> CaptureAsync(CaptureRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
}
