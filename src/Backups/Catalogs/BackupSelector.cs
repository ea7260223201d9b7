namespace VirtEngine.DR.Backups.Catalogs;

/// <summary>Which backup is meant.</summary>
/// <param name="Id">This one.</param>
/// <param name="AtOrBefore">The newest that is not newer than this time.</param>
/// <param name="ProvenOnly">Only those that are proven.</param>
public sealed record BackupSelector(BackupId? Id = null, DateTimeOffset? AtOrBefore = null, bool ProvenOnly = false)
{
    /// <summary>At or below this height: a backup of a node that was wrong from there on has the fault in it. Null: any.</summary>
    public long? AtMostHeight { get; init; }

    /// <summary>The newest valid one.</summary>
    public static BackupSelector Newest { get; } = new();

    /// <summary>The newest proven one.</summary>
    public static BackupSelector NewestProven { get; } = new(ProvenOnly: true);

    /// <summary>One by its id.</summary>
    public static BackupSelector ById(BackupId id) => new(Id: id);

    /// <summary>The newest at or before a time.</summary>
    public static BackupSelector Before(DateTimeOffset time, bool provenOnly = false) => new(AtOrBefore: time, ProvenOnly: provenOnly);
}
