using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Evidence;

/// <summary>
/// Lists what is evidence in a stopped node's home: databases (torn ones too), WAL, signing state, extras, configuration, logs. Nothing is
/// judged by its state; only private keys, links and what is no file stay out, each said.
/// </summary>
internal sealed class EvidenceCollector
{
    private const string Ours = ".virtengine-";
    private readonly NodeLayout _layout;
    private readonly EvidenceSecrets _secrets;
    private readonly List<EvidenceFile> _files = [];
    private readonly List<LeftOut> _leftOut = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public EvidenceCollector(NodeLayout layout)
    {
        _layout = layout;
        _secrets = new EvidenceSecrets(layout);
    }

    public IReadOnlyList<EvidenceFile> Files => _files;

    public IReadOnlyList<LeftOut> LeftOut => _leftOut;

    /// <summary>Everything of the home that is evidence.</summary>
    public void AddHome(CancellationToken cancellationToken)
    {
        string[] roots = [_layout.DatabaseFolder, Path.GetDirectoryName(_layout.WalFile) ?? "", _layout.SigningStateFile, "config", .. _layout.Extras];
        foreach (var root in roots.Where(root => root.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var source = Path.Combine(_layout.Home, root);
            if (Directory.Exists(source))
            {
                // A root may be a link: an operator may have placed his data on another disk.
                Folder(root, source, cancellationToken);
            }
            else if (File.Exists(source))
            {
                Add(root, source);
            }
        }

        foreach (var other in new DirectoryInfo(_layout.Home).EnumerateFileSystemInfos().Where(entry => !IsOurs(entry.Name) && !Array.Exists(roots, root => root == entry.Name || root.StartsWith(entry.Name + "/", StringComparison.Ordinal))))
        {
            _leftOut.Add(new(other.Name, "it is neither data, WAL, signing state, configuration, log nor one of the node's extras"));
        }
    }

    /// <summary>A file that lies in none of the node's folders, such as its log; of a long one its end.</summary>
    public void AddBeside(string folder, string source, long largest)
    {
        if (Stat(source) is not { Regular: true } stat)
        {
            _leftOut.Add(new(source, "it is not there, or no file"));
            return;
        }

        if (_secrets.ByName(Path.GetFileName(source)) is { } named)
        {
            _leftOut.Add(new(source, named));
            return;
        }

        if (EvidenceSecrets.ByContent(source) is { } secret)
        {
            _leftOut.Add(new(source, secret));
            return;
        }

        var from = Math.Max(0, stat.Size - largest);
        if (from > 0)
        {
            _leftOut.Add(new(source, FormattableString.Invariant($"of its {stat.Size} bytes the first {from} are left out")));
        }

        Take(ManifestRoots.Evidence + folder + "/" + Path.GetFileName(source), source, stat, from);
    }

    private static bool IsOurs(string name) => name.StartsWith(Ours, StringComparison.Ordinal);

    private static FileStat? Stat(string source) => FileStat.TryRead(Posix.AtCurrentFolder, OpenFolder.Name(source), out var stat) ? stat : null;

    private static bool IsDatabase(IReadOnlyList<FileSystemInfo> entries) => entries.Any(entry =>
        entry.Name is "CURRENT" or "LOCK" || entry.Name.StartsWith("MANIFEST-", StringComparison.Ordinal) || entry.Name.StartsWith("OPTIONS-", StringComparison.Ordinal)
        || entry.Name.EndsWith(".ldb", StringComparison.Ordinal) || entry.Name.EndsWith(".sst", StringComparison.Ordinal));

    private static bool IsOfDatabase(string name) => Path.GetExtension(name) is ".ldb" or ".sst" or ".log" or ".bak" || name is "LOCK" or "LOG" or "LOG.old"
        || name.StartsWith("MANIFEST-", StringComparison.Ordinal) || name.StartsWith("CURRENT", StringComparison.Ordinal) || name.StartsWith("OPTIONS-", StringComparison.Ordinal)
        || name.StartsWith("marker.", StringComparison.Ordinal);

    private void Folder(string path, string source, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_seen.Add(path))
        {
            return;
        }

        FileSystemInfo[] entries;
        try
        {
            entries = [.. new DirectoryInfo(source).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (IOException e)
        {
            _leftOut.Add(new(path, "the folder cannot be listed: " + e.Message));
            return;
        }

        var database = IsDatabase(entries);
        foreach (var entry in entries.Where(entry => !IsOurs(entry.Name)))
        {
            var child = path + "/" + entry.Name;
            if (entry.LinkTarget is { } target)
            {
                _leftOut.Add(new(child, $"it is a symbolic link to '{target}', and links are not followed"));
            }
            else if (entry is DirectoryInfo)
            {
                Folder(child, entry.FullName, cancellationToken);
            }
            else
            {
                Add(child, entry.FullName, binary: (database && IsOfDatabase(entry.Name)) || IsWal(child) || IsChunk(child));
            }
        }
    }

    /// <summary>Blocks and transactions, not settings: a word in them that looks like a key is nobody's key.</summary>
    private bool IsWal(string path) => path.StartsWith(_layout.WalFile, StringComparison.Ordinal);

    private bool IsChunk(string path) => path.StartsWith(_layout.DatabaseFolder + "/snapshots/", StringComparison.Ordinal) && Path.GetFileName(path).All(char.IsAsciiDigit);

    private void Add(string path, string source, bool binary = false)
    {
        if (Stat(source) is not { } stat || !_seen.Add(path))
        {
            return;
        }

        if (!stat.Regular)
        {
            _leftOut.Add(new(path, "it is neither a file nor a folder"));
            return;
        }

        if (_secrets.ByName(path) is { } named)
        {
            _leftOut.Add(new(path, named, _secrets.PublicKey(path, source)));
            return;
        }

        try
        {
            if (!binary && EvidenceSecrets.ByContent(source) is { } secret)
            {
                _leftOut.Add(new(path, secret, _secrets.PublicKey(path, source)));
                return;
            }
        }
        catch (IOException e)
        {
            _leftOut.Add(new(path, "whether it holds a private key cannot be seen: " + e.Message));
            return;
        }

        Take(ManifestRoots.Home + path, source, stat, 0);
    }

    private void Take(string path, string source, FileStat stat, long offset)
    {
        try
        {
            SafePaths.Check(path, "evidence");
        }
        catch (PathUnsafeException e)
        {
            _leftOut.Add(new(source, e.Message));
            return;
        }

        _files.Add(new(new SnapshotFile(path, stat.Size - offset, stat.Permissions, false, stat.Identity, ContentFormat.Opaque), source, stat, offset));
    }
}
