using System.Text.Json.Serialization;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Recovery;

namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>Starts RB-DR-004. <c>{"node":"fullnode-0"}</c> suffices; <c>{"nodes":["fullnode-0","fullnode-1"]}</c> for several.</summary>
public sealed record DataCorruptionInput : IRunbookInput
{
    /// <summary>The node whose data is corrupt, or said to be.</summary>
    public string Node { get; init; } = "";

    /// <summary>The nodes, where several are corrupt: copies of all first, then one after the other is cured. Instead of <see cref="Node"/>.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>What is corrupt, see <see cref="CorruptionKinds"/>.</summary>
    public string Kind { get; init; } = CorruptionKinds.State;

    /// <summary>The last height that is known to be good, where people know one; the lower of this and what the diagnosis finds counts.</summary>
    public long? Height { get; init; }

    /// <summary>How to recover, see <see cref="Recoveries"/>: <c>auto</c> does what the diagnosis calls for.</summary>
    public string Recovery { get; init; } = Recoveries.Auto;

    /// <summary>Which backup a restore takes: <c>newest-proven</c> (the default), <c>newest</c>, or a backup's id.</summary>
    public string Backup { get; init; } = "newest-proven";

    /// <summary>Which configuration backup is taken: <c>newest</c> (the default), or its id.</summary>
    public string Configuration { get; init; } = "newest";

    /// <summary>Go without a forensic copy. It needs an approval of its own.</summary>
    public bool WithoutCopy { get; init; }

    /// <summary>The chain itself stands and comes back by a plan for all validators, ours and others'; <see cref="Height"/> is the one to go back to. Null: only these nodes are wrong.</summary>
    public CoordinatedSpec? Coordinated { get; init; }

    /// <summary>live, practice or dryRun.</summary>
    public RunMode Mode { get; init; }

    /// <summary>D4.</summary>
    public string IncidentClass { get; init; } = "D4";

    /// <summary>Who starts it; null where an alert or a controller does without a name.</summary>
    public string? Operator { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>A ticket to link to.</summary>
    public string? Ticket { get; init; }

    /// <summary>When the corruption was noticed; the clock starts there. Default: the start of the run.</summary>
    public DateTimeOffset? TriggeredAt { get; init; }

    /// <summary>How long the recovered node is watched for a relapse; it may shorten what the estate says. 0 watches not at all.</summary>
    public TimeSpan? Watch { get; init; }

    /// <summary>What was chosen for each of several nodes, by name; written by <c>virtengine-dr repair</c>, and counts before the rest.</summary>
    public IReadOnlyDictionary<string, CorruptionChoice>? Chosen { get; init; }

    /// <summary>All that are meant.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Names => Nodes.Count > 0 ? Nodes : [Node];

    /// <summary>Settle what another run left behind; written by <c>virtengine-dr repair</c>.</summary>
    public Takeover? Takeover { get; init; }
}

/// <summary>What a run chose for one of several nodes.</summary>
/// <param name="Recovery">The recovery that it is at.</param>
/// <param name="Backup">The backup.</param>
/// <param name="Configuration">The configuration backup.</param>
public sealed record CorruptionChoice(string Recovery, string Backup, string Configuration);
