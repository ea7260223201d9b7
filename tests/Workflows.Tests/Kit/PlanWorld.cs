using System.Collections.Concurrent;
using VirtEngine.DR.Contracts.Recovery;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>The other validators of a chain that stands, and what was published for them.</summary>
public sealed class PlanWorld
{
    /// <summary>The set.</summary>
    public static IReadOnlyList<string> Addresses { get; } = [.. "0123".Select(digit => new string(digit, 40))];

    /// <summary>Those that are seen to vote again.</summary>
    public IReadOnlyList<string> Back { get; set; } = [];

    /// <summary>When all of them are back, and the chain goes on; null: never.</summary>
    public DateTimeOffset? BackAt { get; set; }

    /// <summary>What each region's bucket holds.</summary>
    public ConcurrentDictionary<string, RecoveryPlan> Kept { get; } = new();
}
