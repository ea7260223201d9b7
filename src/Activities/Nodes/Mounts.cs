namespace VirtEngine.DR.Activities.Nodes;

/// <summary>Which folders are mount points.</summary>
internal static class Mounts
{
    /// <summary>True when something is mounted exactly there.</summary>
    public static bool IsMountPoint(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return false;
        }

        // Field 5 of each line; blanks and backslashes are octal escapes.
        var wanted = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))
            .Replace("\\", "\\134", StringComparison.Ordinal).Replace(" ", "\\040", StringComparison.Ordinal).Replace("\t", "\\011", StringComparison.Ordinal);
        return File.ReadLines("/proc/self/mountinfo").Any(line => line.Split(' ') is { Length: > 4 } fields && fields[4] == wanted);
    }
}
