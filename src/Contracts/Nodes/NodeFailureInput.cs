using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>Starts RB-DR-001. <c>{"node":"fullnode-0"}</c> suffices.</summary>
public sealed record NodeFailureInput : IRunbookInput
{
    /// <summary>The node that failed.</summary>
    public string Node { get; init; } = "";

    /// <summary>How to cure it, see <see cref="Cures"/>: <c>auto</c> takes the cheapest first and goes on to the next where that does not help.</summary>
    public string Cure { get; init; } = Cures.Auto;

    /// <summary>Which backup a restore takes: <c>newest-proven</c> (the default), <c>newest</c>, or a backup's id.</summary>
    public string Backup { get; init; } = "newest-proven";

    /// <summary>Which configuration backup a lost home is prepared from: <c>newest</c> (the default), or its id.</summary>
    public string Configuration { get; init; } = "newest";

    /// <summary>What the run found when it began (a failure's class); written when another run takes over, never by people.</summary>
    public string? Found { get; init; }

    /// <summary>What the home lacked when a run found it lost; written when another run takes over, never by people.</summary>
    public IReadOnlyList<string>? HomeMissing { get; init; }

    /// <summary>live, practice or dryRun.</summary>
    public RunMode Mode { get; init; }

    /// <summary>D1.</summary>
    public string IncidentClass { get; init; } = "D1";

    /// <summary>Who starts it; null where an alert or a controller does without a name.</summary>
    public string? Operator { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>A ticket to link to.</summary>
    public string? Ticket { get; init; }

    /// <summary>When the failure was noticed; the clock starts there. Default: the start of the run.</summary>
    public DateTimeOffset? TriggeredAt { get; init; }

    /// <summary>How long the cured node is watched for a relapse; it may shorten what the estate says. 0 watches not at all.</summary>
    public TimeSpan? Watch { get; init; }

    /// <summary>Settle what another run left behind; written by <c>virtengine-dr repair</c>.</summary>
    public Takeover? Takeover { get; init; }
}
