namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>A snapshot whose files stand in staging (or, on a stopped node, at their place).</summary>
internal sealed class StagedSnapshot : ISnapshot
{
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, string> sources;
    private readonly AttemptFolder? attempt;
    private readonly FreeSpace space;
    private readonly Timer watch;
    private readonly bool owned;
    private volatile bool dropped;
    private bool disposed;

    /// <summary>Wraps what was captured.</summary>
    /// <param name="instant">How the instant was taken.</param>
    /// <param name="files">The files, in any order.</param>
    /// <param name="attempt">Dropped at the end; null when the sources are the node's own.</param>
    /// <param name="space">The floor; below it staging is dropped, whatever is being read.</param>
    public StagedSnapshot(InstantInfo instant, IReadOnlyList<CapturedFile> files, AttemptFolder? attempt, FreeSpace space)
    {
        Instant = instant;
        Files = [.. files.Select(file => file.File).OrderBy(file => file.Path, StringComparer.Ordinal)];
        sources = files.ToDictionary(file => file.File.Path, file => file.Source, StringComparer.Ordinal);
        (this.attempt, this.space, owned) = (attempt, space, attempt is not null);
        watch = new Timer(_ => DropWhenLow(), null, Watch, Watch);
    }

    /// <inheritdoc/>
    public InstantInfo Instant { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SnapshotFile> Files { get; }

    /// <inheritdoc/>
    public Stream Open(SnapshotFile file)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        Demand();
        try
        {
            return new BoundedStream(sources[file.Path], file.Size, Demand);
        }
        catch (IOException) when (dropped)
        {
            throw space.Error;
        }
    }

    /// <inheritdoc/>
    public void Release(SnapshotFile file)
    {
        if (owned && !dropped)
        {
            File.Delete(sources[file.Path]);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!disposed)
        {
            disposed = true;
            await watch.DisposeAsync();
            attempt?.Drop();
        }
    }

    private void Demand()
    {
        if (dropped)
        {
            throw space.Error;
        }
    }

    private void DropWhenLow()
    {
        if (owned && !dropped && space.Low)
        {
            dropped = true;
            attempt!.Drop();
        }
    }
}
