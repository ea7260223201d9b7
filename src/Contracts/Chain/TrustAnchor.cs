namespace VirtEngine.DR.Contracts.Chain;

/// <summary>A height and its block's hash that several RPCs agreed on: what a light client may trust to begin with.</summary>
public sealed record TrustAnchor
{
    /// <summary>The form of this record: 1.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The chain.</summary>
    public required string ChainId { get; init; }

    /// <summary>The height.</summary>
    public required long Height { get; init; }

    /// <summary>The hash of the block's header, upper-case hex.</summary>
    public required string Hash { get; init; }

    /// <summary>The block's own time; a light client's trust runs out from there.</summary>
    public required DateTimeOffset BlockTime { get; init; }

    /// <summary>When it was agreed on.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The node whose host signed it; empty before that.</summary>
    public string Signer { get; init; } = "";

    /// <summary>The nodes that agree, by name.</summary>
    public required IReadOnlyList<string> Agreed { get; init; }

    /// <summary>Who says something else, and what.</summary>
    public IReadOnlyList<string> Disagree { get; init; } = [];

    /// <summary>Who did not count, and why: silent, behind, of another chain, the same node twice, without that block.</summary>
    public IReadOnlyList<string> Uncounted { get; init; } = [];
}
