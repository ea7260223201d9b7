using VirtEngine.DR.Backups.Tables;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Nodes.Stores;

/// <summary>Reads all of a node's databases and its consensus WAL.</summary>
internal sealed class StoreChecker(NodeSpec node, NodeHome home)
{
    private const int MostFindings = 20;
    private static readonly string[] OfAnyNode = ["application.db", "blockstore.db", "state.db"];
    private volatile string _now = "";

    /// <summary>Where it is, for the heartbeat.</summary>
    public string Now => _now;

    /// <summary>Checks everything.</summary>
    public StoreCheck Run(CancellationToken cancellationToken)
    {
        var results = new List<DatabaseCheck>();
        foreach (var folder in Databases())
        {
            _now = Path.GetRelativePath(home.Path, folder);
            results.Add(Database(folder, cancellationToken));
        }

        _now = Path.GetDirectoryName(home.Layout.WalFile) ?? "";
        results.Add(Wal(cancellationToken));
        return new StoreCheck(DateTimeOffset.UtcNow, results);
    }

    /// <summary>The folders that are databases by what lies in them; those that every node has are checked though they are missing or empty.</summary>
    private IEnumerable<string> Databases()
    {
        var always = node.Kind is NodeKind.Validator or NodeKind.Full or NodeKind.Archive
            ? OfAnyNode.Select(name => Path.Combine(home.Data, name)) : [];
        var found = Directory.Exists(home.Data)
            ? Directory.EnumerateDirectories(home.Data, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).Where(IsDatabase) : [];
        return always.Concat(found).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    private static bool IsDatabase(string folder) => !folder.Contains("/.virtengine-", StringComparison.Ordinal)
        && Directory.EnumerateFiles(folder).Select(Path.GetFileName).Any(name => name == "CURRENT" || name!.StartsWith("MANIFEST-", StringComparison.Ordinal) || name.EndsWith(".ldb", StringComparison.Ordinal));

    private DatabaseCheck Database(string folder, CancellationToken cancellationToken)
    {
        var name = Path.GetRelativePath(home.Path, folder);
        if (!Directory.Exists(folder))
        {
            return new(name, 0, 0, [new(name, "the folder is missing")], null);
        }

        if (node.Database != "goleveldb")
        {
            return new(name, 0, 0, [], $"a {node.Database} cannot be checked here");
        }

        var scan = new DatabaseScan(folder);
        var findings = scan.Run(cancellationToken);
        return new(name, scan.Files, scan.Bytes, Bounded(findings.Select(one => new StoreFinding(Path.GetRelativePath(home.Path, one.File), one.What))), null);
    }

    private DatabaseCheck Wal(CancellationToken cancellationToken)
    {
        var head = Path.Combine(home.Path, home.Layout.WalFile);
        var folder = Path.GetDirectoryName(head)!;
        var name = Path.GetRelativePath(home.Path, folder);
        if (!Directory.Exists(folder))
        {
            return new(name, 0, 0, [], null);
        }

        var findings = new List<StoreFinding>();
        var files = 0;
        long bytes = 0;
        foreach (var path in Directory.EnumerateFiles(folder, Path.GetFileName(head) + "*").Where(path => path == head || path[(head.Length + 1)..].All(char.IsAsciiDigit)).Order(StringComparer.Ordinal))
        {
            try
            {
                files++;
                bytes += new FileInfo(path).Length;
                if (WalScan.Problem(path, cancellationToken) is { } problem)
                {
                    findings.Add(new(Path.GetRelativePath(home.Path, path), problem));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                findings.Add(new(Path.GetRelativePath(home.Path, path), "it cannot be read: " + e.Message));
            }
        }

        return new(name, files, bytes, Bounded(findings), null);
    }

    private static List<StoreFinding> Bounded(IEnumerable<StoreFinding> all)
    {
        var list = all.ToList();
        return list.Count <= MostFindings ? list : [.. list.Take(MostFindings), new("…", $"and {list.Count - MostFindings} more")];
    }
}
