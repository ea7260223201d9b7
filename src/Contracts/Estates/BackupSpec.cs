namespace VirtEngine.DR.Contracts.Estates;

/// <summary>Backups of the estate.</summary>
public sealed record BackupSpec
{
    /// <summary>Who may sign manifests.</summary>
    public IReadOnlyList<SigningKeySpec> SigningKeys { get; init; } = [];

    /// <summary>How provider state and configuration (and, where asked, chain state) are encrypted; null means not configured.</summary>
    public EncryptionSpec? Encryption { get; init; }

    /// <summary>Retention per kind.</summary>
    public IReadOnlyList<RetentionSpec> Retention { get; init; } = [];

    /// <summary>Schedules per workflow.</summary>
    public IReadOnlyList<ScheduleSpec> Schedules { get; init; } = [];

    /// <summary>Folders of the configuration backup, absolute or relative to a node's home.</summary>
    public IReadOnlyList<string> ConfigurationPaths { get; init; } = [];

    /// <summary>Upload limit in bytes a second; 0 means none.</summary>
    public long RateLimit { get; init; }

    /// <summary>Limit of what is read from a node's disk for a backup, in bytes a second; 0 means none.</summary>
    public long ReadRate { get; init; }

    /// <summary>Whether reads for a backup go before the node's own (<c>normal</c>) or only when its disk is idle (<c>idle</c>).</summary>
    public string IoPriority { get; init; } = "normal";

    /// <summary>Memory that a node of the fourth rung may have, in bytes; 0 means half of its host's.</summary>
    public long ProofMemory { get; init; }
}

/// <summary>A key that signs manifests.</summary>
/// <param name="Id">Its name in signatures.</param>
/// <param name="PublicKey">PEM, or a file that holds it.</param>
/// <param name="Nodes">The nodes it may sign for; <c>*</c> means all.</param>
/// <param name="Kinds">The kinds it may sign for; <c>*</c> means all.</param>
/// <param name="PrivateKeyFile">Where the node's own host keeps the private half; never read by a control worker.</param>
/// <param name="RevokedAt">From then on its signatures count only when countersigned.</param>
public sealed record SigningKeySpec(
    string Id, string PublicKey, IReadOnlyList<string> Nodes, IReadOnlyList<string> Kinds, string? PrivateKeyFile, DateTimeOffset? RevokedAt);

/// <summary>How backups are encrypted.</summary>
/// <param name="Type"><c>file</c> or <c>kms</c>.</param>
/// <param name="Key">A file outside every backup set, or the KMS key's id.</param>
/// <param name="ChainState">Encrypt chain state too.</param>
public sealed record EncryptionSpec(string Type, string Key, bool ChainState);

/// <summary>Keep rules of one kind; a backup stays when any rule keeps it.</summary>
/// <param name="Kind">The backup kind.</param>
/// <param name="Last">Keep the last n.</param>
/// <param name="Hourly">Keep one for each of the last n hours that have one.</param>
/// <param name="Daily">Likewise for days.</param>
/// <param name="Weekly">Likewise for weeks.</param>
/// <param name="Monthly">Likewise for months.</param>
/// <param name="Within">Keep everything younger than this.</param>
public sealed record RetentionSpec(string Kind, int Last, int Hourly, int Daily, int Weekly, int Monthly, TimeSpan? Within);

/// <summary>When a workflow runs.</summary>
/// <param name="Workflow">The workflow type.</param>
/// <param name="Cron">A cron expression, UTC.</param>
/// <param name="CatchUp">How late a missed run may still start.</param>
public sealed record ScheduleSpec(string Workflow, string Cron, TimeSpan CatchUp);
