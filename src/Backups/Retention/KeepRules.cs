namespace VirtEngine.DR.Backups.Retention;

/// <summary>A backup stays when any rule keeps it, per chain, node and kind, by the bucket's LastModified.</summary>
/// <param name="Last">The newest n.</param>
/// <param name="Hourly">The newest of each of the last n hours that have one.</param>
/// <param name="Daily">Of each of the last n days.</param>
/// <param name="Weekly">Of each of the last n ISO weeks.</param>
/// <param name="Monthly">Of each of the last n months.</param>
/// <param name="Within">Everything younger than this.</param>
/// <param name="Forever">Everything.</param>
public sealed record KeepRules(
    int Last = 0, int Hourly = 0, int Daily = 0, int Weekly = 0, int Monthly = 0, TimeSpan? Within = null, bool Forever = false);
