using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>Everything that a diagnosis is made from.</summary>
public sealed record CorruptionEvidence
{
    /// <summary>The node's host.</summary>
    public required NodeObservation Host { get; init; }

    /// <summary>What its log said before this run started it again: a start on the same data writes a new log.</summary>
    public IReadOnlyList<Symptom> Symptoms { get; init; } = [];

    /// <summary>Its state against the others'.</summary>
    public required StateAgreement State { get; init; }

    /// <summary>The others.</summary>
    public required ChainView Chain { get; init; }

    /// <summary>What is torn in its databases, one line each; null where they were not read.</summary>
    public IReadOnlyList<string>? Torn { get; init; }

    /// <summary>The version that its application said it is; null where it did not say.</summary>
    public string? Version { get; init; }

    /// <summary>Its block store is ahead of its state: the last block was not executed yet, and a plain rollback would undo nothing.</summary>
    public bool BlockAhead { get; init; }

    /// <summary>The oldest block that may count as new.</summary>
    public required TimeSpan MaxBlockAge { get; init; }

    /// <summary>What the run was started for, see <see cref="CorruptionKinds"/>.</summary>
    public string Kind { get; init; } = CorruptionKinds.State;

    /// <summary>The home's configuration beside the backup's; null where it was not compared.</summary>
    public ConfigurationComparison? Configuration { get; init; }

    /// <summary>The whole chain is recovered by a plan, and the node with it.</summary>
    public bool Coordinated { get; init; }

    /// <summary>The good height that people named.</summary>
    public long? NamedHeight { get; init; }
}
