namespace VirtEngine.DR.Estates.Init;

/// <summary>A running process whose <c>--home</c> is a node's home.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Command">Program and arguments.</param>
/// <param name="Unit">The systemd unit that its control group names; null when there is none.</param>
internal sealed record RunningNode(int Pid, IReadOnlyList<string> Command, string? Unit)
{
    /// <summary>Looks through /proc; null when no process says that home, or none may be read.</summary>
    public static RunningNode? Find(string home)
    {
        var wanted = home.TrimEnd('/');
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid) && Read(Path.Combine(folder, "cmdline")) is { } line)
            {
                var command = line.Split('\0', StringSplitOptions.RemoveEmptyEntries);
                if (SystemdUnit.HomeOf(command)?.TrimEnd('/') == wanted && pid != Environment.ProcessId)
                {
                    return new RunningNode(pid, command, UnitOf(Read(Path.Combine(folder, "cgroup"))));
                }
            }
        }

        return null;
    }

    private static string? UnitOf(string? group) =>
        group?.Trim().Split('/') is [.., var last] && last.EndsWith(".service", StringComparison.Ordinal) && !last.StartsWith("user@", StringComparison.Ordinal) ? last : null;

    /// <summary>Processes end and belong to others while we look: those are passed over.</summary>
    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
