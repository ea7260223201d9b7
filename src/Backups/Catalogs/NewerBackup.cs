namespace VirtEngine.DR.Backups.Catalogs;

/// <summary>A backup that is newer than the chosen one.</summary>
/// <param name="Id">Which.</param>
/// <param name="KnownFrom">A region or a head's source.</param>
/// <param name="Reason">Why it was not chosen.</param>
public sealed record NewerBackup(BackupId Id, string KnownFrom, string Reason);
