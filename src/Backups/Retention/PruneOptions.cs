namespace VirtEngine.DR.Backups.Retention;

/// <summary>What is pruned.</summary>
/// <param name="Rules">Keep rules per kind; a kind without rules keeps everything.</param>
/// <param name="RevokeIntentsOlderThan">A backup that has not committed after this long (by the bucket's clock) is given up: its late commit will fail.</param>
public sealed record PruneOptions(IReadOnlyDictionary<string, KeepRules> Rules, TimeSpan? RevokeIntentsOlderThan = null);
