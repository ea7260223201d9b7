namespace VirtEngine.DR.Backups;

/// <summary>A table on the node's own disk does not fit its checksums. Restart or repair of the node comes first: a backup would hand the rot on.</summary>
/// <param name="path">The file, key or path in question.</param>
/// <param name="message">For the operator.</param>
/// <param name="inner">What lies below.</param>
public sealed class SourceCorruptException(string path, string message, Exception? inner = null)
    : BackupException(BackupErrorCodes.SourceCorrupt, message, inner)
{
    /// <summary>The file, key or path in question.</summary>
    public string Path { get; } = path;
}
