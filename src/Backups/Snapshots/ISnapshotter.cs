namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>Takes the files of a node as of one instant. One implementation a method (<c>frozen</c>, <c>stopped</c>, <c>state-sync</c>).</summary>
public interface ISnapshotter
{
    /// <summary>The method's name as the estate and the manifest write it.</summary>
    string Method { get; }

    /// <summary>Takes the snapshot. It is never retried under the same attempt id: a second call with it is refused.</summary>
    /// <exception cref="SnapshotException">With a code of <see cref="SnapshotErrors"/>; the node runs as it did before.</exception>
    Task<ISnapshot> CaptureAsync(CaptureRequest request, CancellationToken cancellationToken);
}
