namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>Holds every LOCK file below the roots as the databases do (flock), for as long as it is not disposed.</summary>
internal sealed class HeldLocks : IDisposable
{
    private readonly List<FileStream> held = [];

    /// <exception cref="SnapshotException"><see cref="SnapshotErrors.TargetRunning"/>: one is held by somebody.</exception>
    public HeldLocks(IEnumerable<string> roots)
    {
        foreach (var file in roots.SelectMany(root => Directory.EnumerateFiles(root, "LOCK", SearchOption.AllDirectories)))
        {
            try
            {
                held.Add(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None));
            }
            catch (IOException failure)
            {
                Dispose();
                throw new SnapshotException(SnapshotErrors.TargetRunning, $"'{file}' is held: stop the node first, or use method 'frozen'", failure);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => held.ForEach(file => file.Dispose());
}
