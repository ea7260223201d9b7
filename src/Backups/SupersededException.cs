namespace VirtEngine.DR.Backups;

/// <summary>A newer backup than the chosen one is known: falling back needs an approval that states what is lost.</summary>
/// <param name="message">Names the chosen and the newest.</param>
/// <param name="newest">The newest that is known of.</param>
public sealed class SupersededException(string message, BackupId newest) : BackupException(BackupErrorCodes.Superseded, message)
{
    /// <summary>The newest that is known of.</summary>
    public BackupId Newest { get; } = newest;
}
