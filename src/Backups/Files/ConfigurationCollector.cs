using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Snapshots;

namespace VirtEngine.DR.Backups.Files;

/// <summary>Collects the files of one path after the other. A path that cannot be taken whole is left out whole, with its reason.</summary>
internal sealed class ConfigurationCollector
{
    private const long MaxFile = 128L << 20;
    private const long MaxTotal = 128L << 20;
    private static readonly string[] NotFiles = ["proc", "sys", "dev"];
    private readonly ConfigurationRequest _request;
    private readonly string _home;
    private readonly HostTree _homeTree;
    private readonly HostTree _hostTree;
    private readonly Dictionary<string, SnapshotFile> _files = new(StringComparer.Ordinal);
    private readonly List<string> _leftOut = [];
    private long _total;

    public ConfigurationCollector(ConfigurationRequest request)
    {
        _request = request;
        _home = Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Home));
        _homeTree = new HostTree(_home, IsSkipped);
        _hostTree = new HostTree("/", path => ("/" + path) == _home || NotFiles.Contains(path));
    }

    public IReadOnlyCollection<SnapshotFile> Files => _files.Values;

    public Dictionary<string, byte[]> Content { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<string> LeftOut => _leftOut;

    public void Add(string configured, bool alone, CancellationToken cancellationToken)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(configured, _home));
        var inHome = full == _home || full.StartsWith(_home + "/", StringComparison.Ordinal);
        var relative = inHome ? full[Math.Min(full.Length, _home.Length + 1)..] : full[1..];
        try
        {
            if (!inHome && (relative.Length == 0 || NotFiles.Contains(relative.Split('/')[0])))
            {
                throw new HostPathException(full, "is not configuration: name the folders that are");
            }

            Take(inHome ? _homeTree : _hostTree, inHome ? ManifestRoots.Home : ManifestRoots.Host, relative, alone, cancellationToken);
        }
        catch (Exception e) when (e is HostPathException or PathUnsafeException or IOException or UnauthorizedAccessException)
        {
            _leftOut.Add($"{full} is not in the backup: {e.Message}");
        }
    }

    private void Take(HostTree tree, string root, string path, bool alone, CancellationToken cancellationToken)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var literal = parts.TakeWhile(part => part.AsSpan().IndexOfAny('*', '?') < 0).ToArray();
        var glob = literal.Length < parts.Length ? new Glob(path) : null;
        var links = new List<string>();
        var found = tree.Find(string.Join('/', literal), links).Where(file => glob?.Matches(file) ?? true).ToList();
        links.RemoveAll(link => !(glob?.Matches(link) ?? true));
        if (found.Count == 0 && links.Count == 0)
        {
            throw new HostPathException(tree.Shown(path), glob is null ? "holds no file" : "fits no file");
        }

        var notes = links.Select(link => $"{tree.Shown(link)} is not in the backup: it is a symbolic link, and links are not followed").ToList();
        var taken = new List<(SnapshotFile File, byte[] Bytes)>();
        foreach (var file in found.Where(file => !_files.ContainsKey(root + file)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (SecretRules.ByName(file) is { } named)
            {
                // In a folder that is expected: keys have their own backup. One that was asked for by its name is said.
                notes.AddRange(file == path ? [$"{tree.Shown(file)} is not in the backup: {named}"] : Array.Empty<string>());
                continue;
            }

            if (tree.Read(file, MaxFile) is not { } read)
            {
                continue;
            }

            if (SecretRules.ByContent(read.Bytes) is { } secret)
            {
                notes.Add($"{tree.Shown(file)} is not in the backup: {secret}. Keep it elsewhere, or take the secret out of it");
                continue;
            }

            SafePaths.Check(root + file, "configuration");
            taken.Add((new SnapshotFile(root + file, read.Bytes.Length, read.Mode, false, null, ContentFormat.Opaque) { Alone = alone }, read.Bytes));
            if (_total + taken.Sum(item => (long)item.Bytes.Length) > MaxTotal)
            {
                throw new HostPathException(tree.Shown(path), $"makes more than {MaxTotal} bytes of configuration: narrow it");
            }
        }

        foreach (var (file, bytes) in taken)
        {
            _files.Add(file.Path, file);
            Content.Add(file.Path, bytes);
            _total += bytes.Length;
        }

        _leftOut.AddRange(notes);
    }

    private bool IsSkipped(string path) =>
        _request.Skip.Any(skipped => path == skipped || path.StartsWith(skipped + "/", StringComparison.Ordinal))
        || path.Split('/').Any(part => part.StartsWith(".virtengine-", StringComparison.Ordinal))
        || path.EndsWith("priv_validator_state.json", StringComparison.Ordinal);
}
