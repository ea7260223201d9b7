using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Snapshots;

namespace VirtEngine.DR.Backups.Files;

/// <summary>
/// Configuration of a host, inside the node's home and outside it, under the manifest's roots (<see cref="ManifestRoots"/>). Each file is read
/// whole when it is chosen, so that what was checked for secrets is what is written. What was asked for and is not in it is said.
/// </summary>
public sealed class ConfigurationSnapshot : ISnapshot
{
    private readonly Dictionary<string, byte[]> _content;

    private ConfigurationSnapshot(InstantInfo instant, IReadOnlyList<SnapshotFile> files, IReadOnlyList<string> leftOut, Dictionary<string, byte[]> content) =>
        (Instant, Files, LeftOut, _content) = (instant, files, leftOut, content);

    /// <inheritdoc />
    public InstantInfo Instant { get; }

    /// <inheritdoc />
    public IReadOnlyList<SnapshotFile> Files { get; }

    /// <summary>What was asked for and is not in it, each as a sentence: missing, not readable, a link, or with a secret in it.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>Chooses and reads the files.</summary>
    /// <exception cref="BackupException"><c>options-invalid</c> when nothing at all can be taken; the message says of each path why.</exception>
    public static Task<ConfigurationSnapshot> TakeAsync(ConfigurationRequest request, TimeProvider time, CancellationToken cancellationToken) =>
        Task.Run(() => Take(request, time, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public Stream Open(SnapshotFile file) => new MemoryStream(_content[file.Path], writable: false);

    /// <inheritdoc />
    public void Release(SnapshotFile file) => _content.Remove(file.Path, out _);

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _content.Clear();
        return ValueTask.CompletedTask;
    }

    private static ConfigurationSnapshot Take(ConfigurationRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        var taken = time.GetUtcNow();
        var collector = new ConfigurationCollector(request);
        if (request.Genesis is { } genesis)
        {
            collector.Add(genesis, alone: true, cancellationToken);
        }

        foreach (var path in request.Paths.Distinct(StringComparer.Ordinal))
        {
            collector.Add(path, alone: false, cancellationToken);
        }

        var files = collector.Files.OrderBy(file => file.Path, StringComparer.Ordinal).ToList();
        return files.Count > 0
            ? new ConfigurationSnapshot(new InstantInfo("files", taken, TimeSpan.Zero, 0, files.Count, files.Sum(file => file.Size)), files, collector.LeftOut, collector.Content)
            : throw new BackupException(BackupErrorCodes.OptionsInvalid, $"there is no configuration to back up. {string.Join("; ", collector.LeftOut.DefaultIfEmpty("no path is configured"))}");
    }
}
