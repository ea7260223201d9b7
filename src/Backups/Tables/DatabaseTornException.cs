namespace VirtEngine.DR.Backups.Tables;

/// <summary>A database cannot be read as what it says it is. Nothing was written.</summary>
/// <param name="file">Which file.</param>
/// <param name="message">What is wrong with it.</param>
/// <param name="inner">The cause, where there is one.</param>
public sealed class DatabaseTornException(string file, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The file.</summary>
    public string File { get; } = file;
}
