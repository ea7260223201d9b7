using System.Globalization;

namespace VirtEngine.DR.Activities.Nodes.Process;

/// <summary>What <c>/proc</c> says about processes.</summary>
internal static class ProcFs
{
    private static readonly Lazy<string> Boot = new(() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    /// <summary>This boot's id.</summary>
    public static string BootId => Boot.Value;

    /// <summary>State letter and start time; null when there is no such process (one that ended and waits for its parent counts as gone).</summary>
    public static (char State, ulong StartTime)? Stat(int pid)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (Exception e) when (IsGone(e))
        {
            return null;
        }

        // The name is in parentheses and may hold anything, so fields are counted from the last one.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        var state = fields[0][0];
        return state is 'Z' or 'X' or 'x' ? null : (state, ulong.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    /// <summary>True when any thread is stopped by a signal or a tracer, or its cgroup is frozen.</summary>
    public static bool IsFrozen(int pid) => AnyThread(pid, 'T', 't') || CgroupFrozen(pid);

    /// <summary>True when a signal stopped it (SIGSTOP, a terminal) and nothing else holds it: it would go on with SIGCONT.</summary>
    public static bool IsHung(int pid) => AnyThread(pid, 'T') && !AnyThread(pid, 't') && !CgroupFrozen(pid);

    /// <summary>The arguments of a process; empty when it is gone.</summary>
    public static IReadOnlyList<string> CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception e) when (IsGone(e))
        {
            return [];
        }
    }

    /// <summary>Every process id there is.</summary>
    public static IEnumerable<int> All() =>
        Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0);

    /// <summary>True for the ways in which a process vanishes while it is looked at.</summary>
    public static bool IsGone(Exception e) =>
        e is FileNotFoundException or DirectoryNotFoundException || (e is IOException && (e.HResult is 3 or 2 || e.Message.Contains("No such process", StringComparison.Ordinal)));

    private static bool AnyThread(int pid, params char[] states)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{pid}/task").Any(task => states.Contains(ThreadState(task)));
        }
        catch (Exception e) when (IsGone(e))
        {
            return false;
        }
    }

    private static char ThreadState(string task)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(task, "stat"));
            return text[text.LastIndexOf(')') + 2];
        }
        catch (Exception e) when (IsGone(e))
        {
            return '?';
        }
    }

    private static bool CgroupFrozen(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/cgroup").FirstOrDefault(text => text.StartsWith("0::", StringComparison.Ordinal));
            var events = line is null ? null : $"/sys/fs/cgroup{line[3..].TrimEnd('/')}/cgroup.events";
            return events is not null && File.Exists(events) && File.ReadLines(events).Any(text => text == "frozen 1");
        }
        catch (Exception e) when (IsGone(e))
        {
            return false;
        }
    }
}
