namespace VirtEngine.DR.Activities.Nodes.Process;

/// <summary>Finds who has a home's databases open, whoever started it: the processes with a descriptor on a LOCK file below the data folder.</summary>
internal static class LockHolders
{
    private const string Deleted = " (deleted)";

    /// <summary>The holders' ids, and how many processes would not let themselves be looked at.</summary>
    /// <remarks>A data folder that was deleted under a running node still counts: the kernel keeps the name with a mark.</remarks>
    public static (IReadOnlyList<int> Holders, int Hidden) Find(string dataFolder)
    {
        var prefix = Resolve(dataFolder) + "/";
        var holders = new List<int>();
        var hidden = 0;
        foreach (var pid in ProcFs.All().Where(pid => pid != Environment.ProcessId))
        {
            try
            {
                if (ProcFs.Stat(pid) is not null && Holds(pid, prefix))
                {
                    holders.Add(pid);
                }
            }
            catch (UnauthorizedAccessException)
            {
                hidden++;
            }
            catch (Exception e) when (ProcFs.IsGone(e))
            {
                // It ended while it was looked at, so it holds nothing.
            }
        }

        return (holders, hidden);
    }

    private static bool Holds(int pid, string prefix)
    {
        foreach (var descriptor in Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd"))
        {
            var target = ReadLink(descriptor);
            if (target is not null && target.StartsWith(prefix, StringComparison.Ordinal)
                && Path.GetFileName(target.EndsWith(Deleted, StringComparison.Ordinal) ? target[..^Deleted.Length] : target) == "LOCK")
            {
                return true;
            }
        }

        return false;
    }

    private static string? ReadLink(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (ProcFs.IsGone(e))
        {
            return null;
        }
    }

    private static string Resolve(string folder)
    {
        var existing = folder;
        var rest = "";
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            rest = "/" + Path.GetFileName(existing) + rest;
            existing = parent;
        }

        var real = new DirectoryInfo(existing).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? existing;
        return Path.TrimEndingDirectorySeparator(real) + rest;
    }
}
