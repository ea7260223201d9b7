using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>The folders that belong to one instant, none inside another.</summary>
internal static class SnapshotRoots
{
    /// <summary>Paths relative to the home: the databases, the WAL's folder and the profile's extras.</summary>
    /// <exception cref="SnapshotException"><see cref="SnapshotErrors.LayoutInvalid"/>: the database folder does not exist, or staging lies inside a root.</exception>
    public static IReadOnlyList<string> Of(NodeLayout layout, string stagingParent)
    {
        var wal = Path.GetDirectoryName(layout.WalFile)!;
        var wanted = new[] { layout.DatabaseFolder, wal }.Concat(layout.Extras).Distinct(StringComparer.Ordinal).ToList();
        var roots = wanted.Where(path => Directory.Exists(Path.Combine(layout.Home, path)) && !wanted.Any(other => other != path && Inside(path, other))).ToList();
        if (!Directory.Exists(Path.Combine(layout.Home, layout.DatabaseFolder)))
        {
            throw new SnapshotException(SnapshotErrors.LayoutInvalid, $"'{layout.Home}/{layout.DatabaseFolder}' does not exist: there is nothing to snapshot");
        }

        var staging = Path.GetFullPath(stagingParent);
        return roots.FirstOrDefault(root => Snapshotted(staging, Path.Combine(layout.Home, root))) is { } around
            ? throw new SnapshotException(SnapshotErrors.LayoutInvalid, $"staging '{staging}' lies inside '{around}', which would be snapshotted: put it beside")
            : roots;
    }

    /// <summary>The roots' absolute paths with links resolved, as the kernel names open files.</summary>
    public static IReadOnlyList<string> Resolved(NodeLayout layout, IEnumerable<string> roots) => [.. roots.Select(root => Resolve(Path.Combine(layout.Home, root)))];

    /// <summary>Opens a root and its counterpart in staging.</summary>
    public static StagedFolder Open(NodeLayout layout, string root, AttemptFolder attempt)
    {
        var staging = Path.Combine(attempt.Files, root);
        Directory.CreateDirectory(staging);
        return new StagedFolder(
            root, OpenFolder.Root(Path.Combine(layout.Home, root)) ?? throw new IOException($"'{layout.Home}/{root}' cannot be opened (errno {Posix.Error})"),
            OpenFolder.Root(staging) ?? throw new IOException($"'{staging}' cannot be opened (errno {Posix.Error})"), staging);
    }

    /// <summary>Inside the root, and not in a folder of the engine's own, which no snapshot takes: where data is a mount point there is no other place to link to.</summary>
    private static bool Snapshotted(string staging, string root) => staging == root
        || (Inside(staging, root) && !staging[(root.Length + 1)..].StartsWith(FileRules.Ours, StringComparison.Ordinal));

    private static bool Inside(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static string Resolve(string path)
    {
        var resolved = "/";
        foreach (var part in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = new DirectoryInfo(Path.Combine(resolved, part));
            resolved = next.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next.FullName;
        }

        return resolved;
    }
}
