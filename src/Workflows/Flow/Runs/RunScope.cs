using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>What a run pins from the estate before it takes its locks.</summary>
public sealed record RunScope
{
    /// <summary>The target's region.</summary>
    public string? Region { get; init; }

    /// <summary>The recovery time objective, where there is one.</summary>
    public TimeSpan? Rto { get; init; }

    /// <summary>Who may approve.</summary>
    public required ApprovalSpec Approvals { get; init; }

    /// <summary>Where notifications go.</summary>
    public IReadOnlyList<ChannelSpec> Channels { get; init; } = [];

    /// <summary>Whether the estate is a simulated one.</summary>
    public bool Simulated { get; init; }

    /// <summary>The locks to take: everything that the run may write.</summary>
    public required IReadOnlyList<string> Locks { get; init; }

    /// <summary>The locks to share with others that share them: the region of a node or zone run.</summary>
    public IReadOnlyList<string> SharedLocks { get; init; } = [];

    /// <summary>The relapse that parks instead of opening the next plan by itself.</summary>
    public int Relapses { get; init; } = 2;

    /// <summary>All of them.</summary>
    public IReadOnlyList<LockWish> Wishes => [.. Locks.Select(l => new LockWish(l)), .. SharedLocks.Select(l => new LockWish(l, Shared: true))];
}
