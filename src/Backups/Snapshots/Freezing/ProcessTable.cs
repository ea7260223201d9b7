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
            .Where(open => held.Contains((open.Identity.Inode, open.Process.Pid)) || held.Contains((open.Identity.Inode, -1)))
            .Select(open => open.Process).Distinct().OrderBy(process => process.Pid)];
    }

    /// <summary>The processes that have anything under the roots open for writing, and one file of each.</summary>
    public static IReadOnlyList<(ProcessId Process, string Path)> Writers(IReadOnlyList<string> roots)
    {
        var inside = new Dictionary<(ulong, ulong), string>();
        foreach (var path in Files(roots))
        {
            if (Identity(path) is { } identity)
            {
                inside[identity] = path;
            }
        }

        return [.. Open((path, identity) => roots.Any(root => path.StartsWith(root + "/", StringComparison.Ordinal)) || inside.ContainsKey(identity))
            .Where(open => roots.Any(root => open.Path.StartsWith(root + "/", StringComparison.Ordinal)) || SameFile(open, inside[open.Identity]))
            .GroupBy(open => open.Process).Select(group => (group.Key, group.First().Path))];
    }

    /// <summary>
    /// True when the descriptor and the path are one file now: a process in another mount namespace names it differently. An inode that
    /// was freed since the listing and given to somebody else's file does not count.
    /// </summary>
    private static bool SameFile(OpenFile open, string path) =>
        Identity(path) == open.Identity && Through(open.Descriptor) == open.Identity && Identity(path) == open.Identity;

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

    private static IEnumerable<OpenFile> Open(Func<string, (ulong Device, ulong Inode), bool> wanted)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) || pid == Environment.ProcessId
                || ProcessId.Of(pid) is not { } process)
            {
                continue;
            }

            foreach (var open in Descriptors(process, wanted))
            {
                yield return open;
            }
        }
    }

    private static List<OpenFile> Descriptors(ProcessId process, Func<string, (ulong Device, ulong Inode), bool> wanted)
    {
        var found = new List<OpenFile>();
        try
        {
            foreach (var descriptor in Directory.EnumerateFileSystemEntries($"/proc/{process.Pid}/fd"))
            {
                var path = new FileInfo(descriptor).LinkTarget;
                if (path is ['/', ..] && Through(descriptor) is { } identity && wanted(path, identity) && Writable(process.Pid, Path.GetFileName(descriptor)))
                {
                    found.Add(new OpenFile(process, identity, path, descriptor));
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

    private readonly record struct OpenFile(ProcessId Process, (ulong Device, ulong Inode) Identity, string Path, string Descriptor);
}
