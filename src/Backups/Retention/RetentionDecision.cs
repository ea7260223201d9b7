namespace VirtEngine.DR.Backups.Retention;

/// <summary>What becomes of one backup and why.</summary>
/// <param name="Scope">Chain, node and kind.</param>
/// <param name="Id">Which.</param>
/// <param name="LastModified">By the bucket's clock.</param>
/// <param name="Keep">Whether it stays.</param>
/// <param name="Reason">For a person.</param>
public sealed record RetentionDecision(BackupScope Scope, BackupId Id, DateTimeOffset LastModified, bool Keep, string Reason);
