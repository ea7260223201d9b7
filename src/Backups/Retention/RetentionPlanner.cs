namespace VirtEngine.DR.Backups.Retention;

/// <summary>Decides which backups stay. Pure.</summary>
public static class RetentionPlanner
{
    /// <summary>A decision with its reason for each backup of one scope in one region.</summary>
    /// <param name="scope">Chain, node and kind.</param>
    /// <param name="backups">All of them.</param>
    /// <param name="rules">What keeps.</param>
    /// <param name="now">By the bucket's clock.</param>
    public static IReadOnlyList<RetentionDecision> Plan(BackupScope scope, IReadOnlyList<RetentionItem> backups, KeepRules rules, DateTimeOffset now) => throw new NotImplementedException();
}
