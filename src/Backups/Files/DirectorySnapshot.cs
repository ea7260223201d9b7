using VirtEngine.DR.Backups.Snapshots;

namespace VirtEngine.DR.Backups.Files;

/// <summary>
/// Files of a folder without a freeze (provider state, configuration), each copied whole into memory when it is chosen, so that what was
/// checked for secrets is what is written. A file that holds a private key never enters.
/// </summary>
public sealed class DirectorySnapshot : ISnapshot
{
    private DirectorySnapshot(InstantInfo instant, IReadOnlyList<SnapshotFile> files, IReadOnlyList<RefusedFile> refused) =>
        (Instant, Files, Refused) = (instant, files, refused);

    /// <inheritdoc />
    public InstantInfo Instant { get; }

    /// <inheritdoc />
    public IReadOnlyList<SnapshotFile> Files { get; }

    /// <summary>What was kept out and why.</summary>
    public IReadOnlyList<RefusedFile> Refused { get; }

    /// <summary>Chooses and reads the files.</summary>
    /// <param name="folder">The home.</param>
    /// <param name="selection">Which files.</param>
    /// <param name="time">This host's clock.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    public static Task<DirectorySnapshot> TakeAsync(string folder, FileSelection selection, TimeProvider time, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc />
    public Stream Open(SnapshotFile file) => throw new NotImplementedException();

    /// <inheritdoc />
    public void Release(SnapshotFile file)
    {
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
