using System.Globalization;
using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Snapshots.Freezing;

/// <summary>Who holds the databases' LOCK files, and who else may write under the data folders.</summary>
internal static class ProcessTable
{
    private const int AccessMode = 3;

    /// <summary>Every LOCK file below the roots, as (device, inode).</summary>
    public static HashSet<(ulong Device, ulong Inode)> LockFiles(IEnumerable<string> roots) => [.. Files(roots)
        .Where(path => Path.GetFileName(path) == "LOCK").Select(Identity).OfType<(ulong, ulong)>()];

    /// <summary>
    /// The processes that have one of the files open for writing and locked. Both are asked: the kernel's table of locks names no owner
    /// for some kinds, and its device numbers are not always those of the files.
    /// </summary>
    public static IReadOnlyList<ProcessId> Holders(HashSet<(ulong Device, ulong Inode)> locks)
    {
        var held = Locked();
        return [.. Open((_, identity) => locks.Contains(identity))
            .Where(open => held.Contains((open.Inode, open.Process.Pid)) || held.Contains((open.Inode, -1)))
            .Select(open => open.Process).Distinct().OrderBy(process => process.Pid)];
    }

    /// <summary>The processes that have anything under the roots open for writing, and one file of each.</summary>
    public static IReadOnlyList<(ProcessId Process, string Path)> Writers(IReadOnlyList<string> roots)
    {
        var inside = Files(roots).Select(Identity).OfType<(ulong, ulong)>().ToHashSet();
        return [.. Open((path, identity) => inside.Contains(identity) || roots.Any(root => path.StartsWith(root + "/", StringComparison.Ordinal)))
            .GroupBy(open => open.Process).Select(group => (group.Key, group.First().Path))];
    }

    private static IEnumerable<string> Files(IEnumerable<string> roots)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return roots.Where(Directory.Exists).SelectMany(root => Directory.EnumerateFiles(root, "*", options));
    }

    private static (ulong Device, ulong Inode)? Identity(string path) =>
        FileStat.TryRead(Posix.AtCurrentFolder, OpenFolder.Name(path), out var stat) ? (stat.Device, stat.Inode) : null;

    /// <summary>The kernel's table of locks: inode and owner; -1 where it names none (open file description locks).</summary>
    private static HashSet<(ulong Inode, int Pid)> Locked()
    {
        var locks = new HashSet<(ulong, int)>();
        foreach (var line in File.ReadLines("/proc/locks"))
        {
            // "12: FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF"; a waiting one has "->" behind its number.
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 6 && words[1] != "->" && words[3] == "WRITE" && int.TryParse(words[4], CultureInfo.InvariantCulture, out var pid)
                && ulong.TryParse(words[5][(words[5].LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture, out var inode))
            {
                locks.Add((inode, pid));
            }
        }

        return locks;
    }

    private static IEnumerable<(ProcessId Process, ulong Inode, string Path)> Open(Func<string, (ulong Device, ulong Inode), bool> wanted)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) || pid == Environment.ProcessId
                || ProcessId.Of(pid) is not { } process)
            {
                continue;
            }

            foreach (var (inode, path) in Descriptors(pid, wanted))
            {
                yield return (process, inode, path);
            }
        }
    }

    private static List<(ulong Inode, string Path)> Descriptors(int pid, Func<string, (ulong Device, ulong Inode), bool> wanted)
    {
        var found = new List<(ulong, string)>();
        try
        {
            foreach (var descriptor in Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd"))
            {
                var path = new FileInfo(descriptor).LinkTarget;
                if (path is ['/', ..] && Through(descriptor) is { } identity && wanted(path, identity) && Writable(pid, Path.GetFileName(descriptor)))
                {
                    found.Add((identity.Inode, path));
                }
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended while it was read, or it belongs to another user, whose files this one could not write either.
            return found;
        }

        return found;
    }

    /// <summary>What the descriptor leads to; read by opening nothing.</summary>
    private static unsafe (ulong Device, ulong Inode)? Through(string descriptor)
    {
        var bytes = stackalloc byte[256];
        fixed (byte* name = OpenFolder.Name(descriptor))
        {
            return Posix.Stat(Posix.AtCurrentFolder, name, 0, Posix.BasicStats, bytes) == 0 ? FileStat.Parse(new ReadOnlySpan<byte>(bytes, 256)).Key : null;
        }
    }

    private static bool Writable(int pid, string descriptor)
    {
        var flags = File.ReadLines($"/proc/{pid}/fdinfo/{descriptor}").FirstOrDefault(line => line.StartsWith("flags:", StringComparison.Ordinal));
        return flags is not null && (Convert.ToInt64(flags[6..].Trim(), 8) & AccessMode) != 0;
    }
}
