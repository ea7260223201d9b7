using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>A node and what its own worker needs to know about it: a slice of the estate, pinned by its digest.</summary>
/// <param name="Node">The node.</param>
/// <param name="Chain">Its chain.</param>
/// <param name="EstateDigest">The estate that the run pinned.</param>
public sealed record NodeTarget(NodeSpec Node, ChainSpec Chain, string EstateDigest);

/// <summary>A mutating call on a node.</summary>
/// <param name="Key">The idempotency key, checked right before each write.</param>
/// <param name="Target">The node.</param>
public sealed record NodeAct(StepKey Key, NodeTarget Target)
{
    /// <summary>For a stop: a process that a signal stopped (SIGSTOP) is ended too, instead of refused. One that is traced or whose control group is frozen is never touched.</summary>
    public bool EndsHung { get; init; }
}

/// <summary>Whether the node's process runs.</summary>
public enum ProcessState
{
    /// <summary>No process.</summary>
    Stopped,

    /// <summary>A process, not frozen.</summary>
    Running,

    /// <summary>A process that somebody has stopped with a signal or the freezer; it is never touched.</summary>
    Frozen,

    /// <summary>It could not be found out.</summary>
    Unknown,
}

/// <summary>A node's host as observed.</summary>
public sealed record NodeObservation
{
    /// <summary>When, by the host's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Its process.</summary>
    public required ProcessState Process { get; init; }

    /// <summary>For a frozen one: a signal stopped it, and nothing else holds it (no tracer, no frozen control group).</summary>
    public bool Hung { get; init; }

    /// <summary>The process's id, where there is one.</summary>
    public int? Pid { get; init; }

    /// <summary>Whether the data folder exists and holds databases.</summary>
    public required bool DataPresent { get; init; }

    /// <summary>Bytes under the data folder.</summary>
    public long DataBytes { get; init; }

    /// <summary>Bytes free on the file system of the home.</summary>
    public long FreeBytes { get; init; }

    /// <summary>Height, round and step of the HRS file; null where there is none.</summary>
    public string? SignState { get; init; }

    /// <summary>True where the home holds a consensus key with voting power: it may sign.</summary>
    public bool HoldsConsensusKey { get; init; }

    /// <summary>The version that the binary prints.</summary>
    public string? BinaryVersion { get; init; }

    /// <summary>The latest height by its RPC; null when it does not answer.</summary>
    public long? Height { get; init; }

    /// <summary>The digest of the manifest that the data folder was restored from, as recorded beside it; null when it was not.</summary>
    public string? RestoredFrom { get; init; }

    /// <summary>
    /// Files that the home of a chain's node cannot do without and that it lacks, relative to it (<c>config/genesis.json</c>): the home is
    /// missing, empty, or lost its configuration. Empty for a home that is whole.
    /// </summary>
    public IReadOnlyList<string> MissingFromHome { get; init; } = [];

    /// <summary>Its home folder is missing or holds nothing; looked at where no chain's node is in it.</summary>
    public bool HomeEmpty { get; init; }

    /// <summary>What its log says ails it since its last start; empty where nothing does, and where the log cannot be read (then <see cref="Unknowns"/> says so).</summary>
    public IReadOnlyList<Symptom> Symptoms { get; init; } = [];

    /// <summary>Its p2p id, from the node key in its home; null where there is none.</summary>
    public string? NodeId { get; init; }

    /// <summary>What could not be observed, and why.</summary>
    public IReadOnlyList<string> Unknowns { get; init; } = [];
}
