namespace VirtEngine.DR.Backups.Catalogs;

/// <summary>Somebody who remembers the newest backup of a scope.</summary>
public interface IHeadSource
{
    /// <summary>The newest that it knows of; null when it knows none.</summary>
    Task<BackupHead?> ReadAsync(BackupScope scope, CancellationToken cancellationToken);
}
