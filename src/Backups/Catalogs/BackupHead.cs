namespace VirtEngine.DR.Backups.Catalogs;

/// <summary>The newest backup that somebody remembers: the host's own file, the evidence store. It shows when a bucket hides the newest.</summary>
/// <param name="Source">Who remembers.</param>
/// <param name="Id">What.</param>
public sealed record BackupHead(string Source, BackupId Id);
