using VirtEngine.DR.Backups.Snapshots;

namespace VirtEngine.DR.Backups.Files;

/// <summary>
/// Files of a folder without a freeze (provider state, configuration), each read whole when it is chosen, so that what was checked for
/// secrets is what is written. A file that holds a private key never enters. Symbolic links are not followed.
/// </summary>
public sealed class DirectorySnapshot : ISnapshot
{
    private const long MaxFile = 128L << 20;
    private const long MaxTotal = 128L << 20;
    private readonly Dictionary<string, byte[]> _content;

    private DirectorySnapshot(InstantInfo instant, IReadOnlyList<SnapshotFile> files, IReadOnlyList<RefusedFile> refused, Dictionary<string, byte[]> content) =>
        (Instant, Files, Refused, _content) = (instant, files, refused, content);

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
    /// <exception cref="BackupException"><c>source-changed</c> when a file changes while it is read twice over, or is too large for this kind;
    /// <c>options-invalid</c> when an include matches nothing.</exception>
    public static async Task<DirectorySnapshot> TakeAsync(string folder, FileSelection selection, TimeProvider time, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(folder);
        var includes = selection.Include.Select(pattern => (pattern, glob: new Glob(pattern))).ToList();
        var excludes = (selection.Exclude ?? []).Select(pattern => new Glob(pattern)).ToList();
        var taken = time.GetUtcNow();
        var files = new List<SnapshotFile>();
        var refused = new List<RefusedFile>();
        var content = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in Walk(root).Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var matching = includes.Where(include => include.glob.Matches(path)).Select(include => include.pattern).ToList();
            if (matching.Count == 0)
            {
                continue;
            }

            used.UnionWith(matching);
            if (excludes.Any(exclude => exclude.Matches(path)))
            {
                continue;
            }

            var full = Path.Combine(root, path);
            var reason = SecretRules.ByName(path) ?? (new FileInfo(full).LinkTarget is null ? null : "it is a symbolic link, and links are not followed");
            var bytes = reason is null ? await ReadStableAsync(full, path, cancellationToken).ConfigureAwait(false) : null;
            reason ??= bytes is null ? null : SecretRules.ByContent(bytes);
            if (reason is not null)
            {
                refused.Add(new RefusedFile(path, reason));
            }
            else if (bytes is not null)
            {
                content.Add(path, bytes);
                files.Add(new SnapshotFile(path, bytes.Length, File.GetUnixFileMode(full) & (UnixFileMode)0x1FF, false, null, ContentFormat.Opaque));
                RefuseTooMuch(root, content);
            }
        }

        var unused = selection.Include.Where(pattern => !used.Contains(pattern)).ToList();
        return unused.Count == 0
            ? new DirectorySnapshot(new InstantInfo("files", taken, TimeSpan.Zero, 0, files.Count, content.Values.Sum(bytes => (long)bytes.Length)), files, refused, content)
            : throw new BackupException(BackupErrorCodes.OptionsInvalid, $"nothing in {root} fits: {string.Join(", ", unused)}. A backup without what was asked for would look like one");
    }

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

    private static IEnumerable<string> Walk(string root) => Directory.Exists(root)
        ? Walk(new DirectoryInfo(root), string.Empty)
        : throw new BackupException(BackupErrorCodes.OptionsInvalid, $"{root} is not a folder");

    private static IEnumerable<string> Walk(DirectoryInfo folder, string prefix)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo inner && entry.LinkTarget is null)
            {
                foreach (var path in Walk(inner, prefix + entry.Name + "/"))
                {
                    yield return path;
                }
            }
            else if (entry is FileInfo)
            {
                // Sockets and pipes are listed as files; only regular files and links (which are refused by name) come further.
                if (entry.LinkTarget is not null || (entry.Attributes & FileAttributes.Device) == 0)
                {
                    yield return prefix + entry.Name;
                }
            }
        }
    }

    /// <summary>Reads until two looks agree on size and time; null when the file has gone.</summary>
    private static async Task<byte[]?> ReadStableAsync(string full, string path, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var before = new FileInfo(full);
            if (!before.Exists)
            {
                return null;
            }

            if (before.Length > MaxFile)
            {
                throw new BackupException(BackupErrorCodes.SourceChanged, $"{path} has {before.Length} bytes; files of this kind may have {MaxFile}. Exclude it, or back it up with its database");
            }

            var bytes = await File.ReadAllBytesAsync(full, cancellationToken).ConfigureAwait(false);
            var after = new FileInfo(full);
            if (after.Exists && after.Length == bytes.Length && after.LastWriteTimeUtc == before.LastWriteTimeUtc)
            {
                return bytes;
            }
        }

        throw new BackupException(BackupErrorCodes.SourceChanged, $"{path} changed each of five times that it was read: exclude it, or stop what writes it");
    }

    private static void RefuseTooMuch(string root, Dictionary<string, byte[]> content)
    {
        if (content.Values.Sum(bytes => (long)bytes.Length) is var total and > MaxTotal)
        {
            throw new BackupException(BackupErrorCodes.SourceChanged, $"{root}: the chosen files have more than {total} bytes; this kind holds at most {MaxTotal}. Narrow the selection");
        }
    }
}
