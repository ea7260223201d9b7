using System.Text.RegularExpressions;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>Which folders are mount points: their names cannot be exchanged.</summary>
internal static partial class MountPoints
{
    public static bool IsMountPoint(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')).Any(fields => fields.Length > 4 && Unescape(fields[4]) == full);
    }

    private static string Unescape(string field) => Octal().Replace(field, match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString());

    [GeneratedRegex(@"\\([0-7]{3})", RegexOptions.CultureInvariant)]
    private static partial Regex Octal();
}
