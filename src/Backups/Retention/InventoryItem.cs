namespace VirtEngine.DR.Backups.Retention;

/// <summary>A visible backup.</summary>
internal sealed record InventoryItem(BackupScope Scope, BackupId Id, string Key, string Digest, DateTimeOffset LastModified);
