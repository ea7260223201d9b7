namespace VirtEngine.DR.Backups;

/// <summary>A path would leave the folder or cannot be one.</summary>
/// <param name="path">The file, key or path in question.</param>
/// <param name="message">For the operator.</param>
/// <param name="inner">What lies below.</param>
public sealed class PathUnsafeException(string path, string message, Exception? inner = null)
    : BackupException(BackupErrorCodes.PathUnsafe, message, inner)
{
    /// <summary>The file, key or path in question.</summary>
    public string Path { get; } = path;
}
