namespace VirtEngine.DR.Backups.Indexing;

/// <summary>A table that was read again is not what the index says: the index is set aside and everything is read.</summary>
/// <param name="path">The table.</param>
internal sealed class KnownTableMismatchException(string path)
    : BackupException(BackupErrorCodes.SourceChanged, $"{path} is not what the known-tables index says")
{
}
