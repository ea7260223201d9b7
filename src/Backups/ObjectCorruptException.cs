namespace VirtEngine.DR.Backups;

/// <summary>An object's bytes are not those that the manifest names.</summary>
/// <param name="path">The file, key or path in question.</param>
/// <param name="message">For the operator.</param>
/// <param name="inner">What lies below.</param>
public sealed class ObjectCorruptException(string path, string message, Exception? inner = null)
    : BackupException(BackupErrorCodes.ObjectCorrupt, message, inner)
{
    /// <summary>The file, key or path in question.</summary>
    public string Path { get; } = path;
}
