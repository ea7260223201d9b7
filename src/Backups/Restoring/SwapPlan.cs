using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>Looks at the home and the staged folder and writes down what is to be moved.</summary>
internal static class SwapPlan
{
    private const string Ours = ".virtengine-";

    public static SwapJournal Forward(SwapRequest request, Func<string, bool> isMountPoint)
    {
        var staged = Path.GetFullPath(request.StagedFolder);
        if (!Directory.Exists(staged) || !Directory.EnumerateFileSystemEntries(staged).Any())
        {
            throw new BackupException(BackupErrorCodes.StagingMismatch, $"{staged} is not there or empty: stage the backup before it is swapped in");
        }

        var entries = new List<SwapEntry>();
        foreach (var path in Directory.EnumerateFileSystemEntries(staged).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            var status = FileStatus.Of(path)!.Value;
            var target = Path.Combine(request.Home, name);
            var names = Directory.Exists(target) && isMountPoint(target) ? Inside(request, target, path) : null;
            var neighbour = names is null ? request.Home : target;
            if (FileStatus.Of(neighbour)!.Value.Device != status.Device)
            {
                throw new BackupException(BackupErrorCodes.SwapConflict,
                    $"{path} is on another file system than {neighbour}: stage below {neighbour}, so that it can be swapped in without a copy");
            }

            entries.Add(new SwapEntry(status.Device, FileStatus.Of(target) is not null, status.Inode, name, names));
        }

        return new SwapJournal(request.Digest, SwapDirection.Forward, entries, Finished: false, staged);
    }

    public static SwapJournal Back(SwapRequest request, SwapJournal forward)
    {
        var entries = forward.Entries.Select(entry => entry.Names is null
            ? entry
            : entry with { Names = new SwapNames(ListKept(forward, entry), forward.Finished ? List(request, Path.Combine(request.Home, entry.Name)) : Arrived(request, forward, entry)) });
        return forward with { Direction = SwapDirection.Back, Entries = [.. entries], Finished = false };
    }

    /// <summary>The names inside a mount point, less what is ours and less the signing state.</summary>
    private static List<string> List(SwapRequest request, string folder)
    {
        var signingState = Path.GetFullPath(Path.Combine(request.Home, request.SigningStatePath));
        return [.. Directory.EnumerateFileSystemEntries(folder)
            .Where(path => !Path.GetFileName(path).StartsWith(Ours, StringComparison.Ordinal) && Path.GetFullPath(path) != signingState)
            .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
    }

    private static SwapNames Inside(SwapRequest request, string target, string staged)
    {
        var inside = request.SigningStatePath.StartsWith(Path.GetFileName(target) + "/", StringComparison.Ordinal);
        if (inside && request.SigningStatePath.Count(c => c == '/') != 1)
        {
            throw new BackupException(BackupErrorCodes.SwapConflict, $"{request.SigningStatePath} lies deep inside the mount point {target}: move it directly below it or out of it");
        }

        var signingState = inside ? Path.GetFileName(request.SigningStatePath) : null;
        var incoming = Directory.EnumerateFileSystemEntries(staged).Select(path => Path.GetFileName(path)).Where(name => name != signingState).Order(StringComparer.Ordinal);
        return new SwapNames([.. incoming], List(request, target));
    }

    private static List<string> ListKept(SwapJournal forward, SwapEntry entry)
    {
        var kept = Path.Combine(forward.Kept, entry.Name);
        return Directory.Exists(kept) ? [.. Directory.EnumerateFileSystemEntries(kept).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>Of a forward swap that was cut off: those names that had come in (their staged place is empty).</summary>
    private static List<string> Arrived(SwapRequest request, SwapJournal forward, SwapEntry entry) =>
        [.. List(request, Path.Combine(request.Home, entry.Name)).Where(name => entry.Names!.Incoming.Contains(name) && FileStatus.Of(Path.Combine(forward.Staged, entry.Name, name)) is null)];
}
