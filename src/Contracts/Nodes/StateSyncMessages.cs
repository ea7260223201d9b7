using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>The settings that a node state-syncs with, as its <c>config.toml</c> wants them.</summary>
public sealed record StateSyncSettings
{
    /// <summary>At least two RPCs, for the light client.</summary>
    public required IReadOnlyList<string> RpcServers { get; init; }

    /// <summary>The trusted height.</summary>
    public required long TrustHeight { get; init; }

    /// <summary>Its block's hash, upper-case hex.</summary>
    public required string TrustHash { get; init; }

    /// <summary>How long validators may be trusted: about two thirds of the unbonding time.</summary>
    public required TimeSpan TrustPeriod { get; init; }

    /// <summary>How long snapshots are looked for before one is chosen.</summary>
    public TimeSpan DiscoveryTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>When a chunk is asked for again.</summary>
    public TimeSpan ChunkRequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many chunks are fetched at once.</summary>
    public int ChunkFetchers { get; init; } = 4;
}

/// <summary>A call for the state sync of a node.</summary>
/// <param name="Key">The idempotency key; its first run id names the run whose state sync it is.</param>
/// <param name="Target">The node.</param>
/// <param name="Digest">What the swap of the data folder goes by.</param>
public sealed record StateSyncAct(StepKey Key, NodeTarget Target, string Digest)
{
    /// <summary>For configuring: what to write.</summary>
    public StateSyncSettings? Settings { get; init; }

    /// <summary>For awaiting: how long.</summary>
    public TimeSpan Within { get; init; }
}

/// <summary>Where the configuration of a state sync is.</summary>
public enum StateSyncConfiguration
{
    /// <summary>As it was: this run wrote nothing, or put everything back.</summary>
    AsItWas,

    /// <summary>It was begun, or put back in part.</summary>
    Partial,

    /// <summary>The node state-syncs at its next start on empty data.</summary>
    Configured,

    /// <summary>Another run's settings stand there.</summary>
    OtherRun,
}

/// <summary>What a node's own host says about its state sync.</summary>
/// <param name="Configuration">The configuration.</param>
/// <param name="Owner">For another run's settings: which.</param>
/// <param name="Refusal">Why the node must not be state-synced; null when it may.</param>
public sealed record StateSyncState(StateSyncConfiguration Configuration, string? Owner, string? Refusal);

/// <summary>What came of a state sync.</summary>
/// <param name="Synced">The node took a snapshot and has applied blocks after it.</param>
/// <param name="Height">Its height.</param>
/// <param name="Text">For people; of a failure: what its log says and what to do.</param>
public sealed record StateSyncOutcome(bool Synced, long? Height, string Text);

/// <summary>A node that may serve snapshots, as its own host sees it.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Interval">Its <c>snapshot-interval</c> in blocks; 0: it takes none.</param>
/// <param name="KeepRecent">Its <c>snapshot-keep-recent</c>; 0: all.</param>
/// <param name="Heights">Snapshots that it has, the newest first.</param>
/// <param name="Bytes">The size of the newest.</param>
public sealed record SnapshotSource(string Node, long Interval, long KeepRecent, IReadOnlyList<long> Heights, long Bytes);
