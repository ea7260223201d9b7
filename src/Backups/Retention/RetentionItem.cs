namespace VirtEngine.DR.Backups.Retention;

/// <summary>A backup as retention sees it.</summary>
/// <param name="Id">Which.</param>
/// <param name="LastModified">By the bucket's clock.</param>
/// <param name="Proven">Proven, and not lapsed.</param>
/// <param name="RetainUntil">Kept by a person or by an object lock until then.</param>
public sealed record RetentionItem(BackupId Id, DateTimeOffset LastModified, bool Proven, DateTimeOffset? RetainUntil = null);
