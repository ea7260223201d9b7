namespace VirtEngine.DR.Backups.Manifests;

/// <summary>Paths of files in a backup: relative, '/'-separated, inside their folder on every system.</summary>
public static class SafePaths
{
    /// <summary>Refuses a path that could name anything outside the folder, or be understood in two ways.</summary>
    /// <exception cref="PathUnsafeException">Says why.</exception>
    public static void Check(string path, string what)
    {
        var problem = path switch
        {
            { Length: 0 or > 4095 } => "it must have 1 to 4095 characters",
            _ when path[0] == '/' => "it is absolute",
            _ when path.Contains('\0', StringComparison.Ordinal) => "it holds a NUL",
            _ when path.Contains('\\', StringComparison.Ordinal) => "it holds a backslash",
            _ when path.Split('/').Any(part => part is "" or "." or ".." || part.Length > 255) => "it has an empty, '.', '..' or overlong part",
            _ => null,
        };
        if (problem is not null)
        {
            throw new PathUnsafeException(path, $"{what}: '{path}' cannot be restored: {problem}");
        }
    }
}
