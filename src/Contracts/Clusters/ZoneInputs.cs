using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Contracts.Clusters;

/// <summary>Starts RB-DR-002. <c>{"region":"us-east-1","zone":"us-east-1a"}</c> suffices.</summary>
public sealed record ZoneFailoverInput : IRunbookInput
{
    /// <summary>The region.</summary>
    public string Region { get; init; } = "";

    /// <summary>The zone that failed.</summary>
    public string Zone { get; init; } = "";

    /// <summary>How each workload is scaled, as it was decided when the run began; written when another run takes over, never by people.</summary>
    public IReadOnlyDictionary<string, ScaleAway>? Scales { get; init; }

    /// <summary>live, practice or dryRun.</summary>
    public RunMode Mode { get; init; }

    /// <summary>D2.</summary>
    public string IncidentClass { get; init; } = "D2";

    /// <summary>Who starts it; null where an alert or a controller does without a name.</summary>
    public string? Operator { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>A ticket to link to.</summary>
    public string? Ticket { get; init; }

    /// <summary>When the failure was noticed; the clock starts there. Default: the start of the run.</summary>
    public DateTimeOffset? TriggeredAt { get; init; }

    /// <summary>How long the rollout may take. Default: 300 s, as the plan says.</summary>
    public TimeSpan? Rollout { get; init; }

    /// <summary>How long disruption budgets are waited for. Default: 300 s.</summary>
    public TimeSpan? Evict { get; init; }

    /// <summary>How long it is watched for a relapse. Default: 1 h, as the plan says; 0 watches not at all.</summary>
    public TimeSpan? Watch { get; init; }

    /// <summary>Settle what another run left behind; written by <c>virtengine-dr repair</c>.</summary>
    public Takeover? Takeover { get; init; }
}

/// <summary>Starts a zone's failback. <c>{"region":"us-east-1","zone":"us-east-1a"}</c> suffices.</summary>
public sealed record ZoneFailbackInput : IRunbookInput
{
    /// <summary>The region.</summary>
    public string Region { get; init; } = "";

    /// <summary>The zone that is back.</summary>
    public string Zone { get; init; } = "";

    /// <summary>The runs whose cordons stood when the run began; written when another run takes over, never by people.</summary>
    public IReadOnlyList<string>? CordonedBy { get; init; }

    /// <summary>What each workload goes back to, and from where; written when another run takes over, never by people.</summary>
    public IReadOnlyDictionary<string, ScaleBack>? Scales { get; init; }

    /// <summary>live, practice or dryRun.</summary>
    public RunMode Mode { get; init; }

    /// <summary>D2.</summary>
    public string IncidentClass { get; init; } = "D2";

    /// <summary>Who starts it.</summary>
    public string? Operator { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>A ticket to link to.</summary>
    public string? Ticket { get; init; }

    /// <summary>When it was noticed that the zone is back; the clock starts there. Default: the start of the run.</summary>
    public DateTimeOffset? TriggeredAt { get; init; }

    /// <summary>How long the zone must have been healthy, and how long each step is watched before the next. Default: 5 min.</summary>
    public TimeSpan? Settle { get; init; }

    /// <summary>How long the rollout may take. Default: 300 s.</summary>
    public TimeSpan? Rollout { get; init; }

    /// <summary>How long it is watched for a relapse. Default: 1 h; 0 watches not at all.</summary>
    public TimeSpan? Watch { get; init; }

    /// <summary>Settle what another run left behind; written by <c>virtengine-dr repair</c>.</summary>
    public Takeover? Takeover { get; init; }
}

/// <summary>A workload's way to more pods.</summary>
/// <param name="From">How many pods it wanted when the run began.</param>
/// <param name="To">How many it wants while the zone is away.</param>
/// <param name="Former">How many it wanted before any failover.</param>
public sealed record ScaleAway(int From, int To, int Former);

/// <summary>A workload's way back.</summary>
/// <param name="From">How many pods it wants now.</param>
/// <param name="To">How many it wanted before the failover.</param>
public sealed record ScaleBack(int From, int To);
