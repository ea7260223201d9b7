using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Contracts.Backups;

/// <summary>Starts RB-DR-006. <c>{"node":"fullnode-0"}</c> suffices.</summary>
public sealed record BackupRestoreInput : IRunbookInput
{
    /// <summary>The node to restore.</summary>
    public string Node { get; init; } = "";

    /// <summary>What to restore, see <see cref="BackupKinds"/>.</summary>
    public string Kind { get; init; } = BackupKinds.ChainState;

    /// <summary><c>newest-proven</c> (the default), <c>newest</c>, or a backup's id.</summary>
    public string Backup { get; init; } = "newest-proven";

    /// <summary>Which configuration backup a lost home is prepared from: <c>newest</c> (the default), or its id.</summary>
    public string Configuration { get; init; } = "newest";

    /// <summary>What the home lacked when a run found it lost; written when another run takes over, never by people.</summary>
    public IReadOnlyList<string>? HomeMissing { get; init; }

    /// <summary>The newest backup at or before this time, instead.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>live, practice or dryRun.</summary>
    public RunMode Mode { get; init; }

    /// <summary>D1 (lost disk) or D4 (corruption); decides the objective and who is told.</summary>
    public string IncidentClass { get; init; } = "D1";

    /// <summary>Who starts it; a run without a name needs one approval more where the starter is excluded.</summary>
    public string? Operator { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>A ticket to link to.</summary>
    public string? Ticket { get; init; }

    /// <summary>When the failure was noticed; the clock starts there. Default: the start of the run.</summary>
    public DateTimeOffset? TriggeredAt { get; init; }

    /// <summary>How long the restored node is watched for a relapse; it may shorten what the estate says. 0 watches not at all.</summary>
    public TimeSpan? Watch { get; init; }

    /// <summary>Settle what another run left behind, instead of restoring; written by <c>virtengine-dr repair</c>.</summary>
    public Takeover? Takeover { get; init; }
}

/// <summary>Starts a backup workflow. Without a node: all nodes of the estate that are backed up, one after the other.</summary>
public sealed record BackupInput
{
    /// <summary>The node; null means all that the estate backs up.</summary>
    public string? Node { get; init; }

    /// <summary>Who starts it; a schedule leaves it out.</summary>
    public string? Operator { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>Starts <c>VerifyBackups</c>.</summary>
public sealed record VerifyInput
{
    /// <summary>The node; null means all.</summary>
    public string? Node { get; init; }

    /// <summary>The kind.</summary>
    public string Kind { get; init; } = BackupKinds.ChainState;

    /// <summary>The backup's id; null means the newest.</summary>
    public string? Backup { get; init; }

    /// <summary>The rung to reach, 1 (listed) to 4 (opened and proven).</summary>
    public int Rung { get; init; } = 4;
}

/// <summary>Starts <c>PruneBackups</c>.</summary>
public sealed record PruneInput
{
    /// <summary>The node; null means all.</summary>
    public string? Node { get; init; }

    /// <summary>The kind; null means all.</summary>
    public string? Kind { get; init; }

    /// <summary>Show the decisions and delete nothing.</summary>
    public bool DryRun { get; init; } = true;
}

/// <summary>What a backup workflow did.</summary>
/// <param name="Backups">One entry per node.</param>
/// <param name="Failures">Nodes whose backup failed, with why.</param>
public sealed record BackupOutcome(IReadOnlyList<BackupReceipt> Backups, IReadOnlyList<string> Failures);

/// <summary>What a verification did.</summary>
/// <param name="Verified">One entry per backup and region.</param>
/// <param name="Failures">What failed, with why.</param>
public sealed record VerifyOutcome(IReadOnlyList<VerificationReport> Verified, IReadOnlyList<string> Failures);

/// <summary>What a prune decided (and did, unless it was a dry run).</summary>
/// <param name="DryRun">Nothing was deleted.</param>
/// <param name="Decisions">Each backup with the reason.</param>
/// <param name="DeletedObjects">Objects deleted.</param>
/// <param name="FreedBytes">Their stored size.</param>
public sealed record PruneOutcome(bool DryRun, IReadOnlyList<PruneDecision> Decisions, int DeletedObjects, long FreedBytes);

/// <summary>One decision of the retention rules.</summary>
/// <param name="Region">Where.</param>
/// <param name="Backup">The manifest's key.</param>
/// <param name="Keep">Stays.</param>
/// <param name="Reason">Which rule, or why it goes.</param>
public sealed record PruneDecision(string Region, string Backup, bool Keep, string Reason);
