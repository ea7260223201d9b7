using VirtEngine.DR.Embedded;
using VirtEngine.DR.Tests.Kit;

namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>What a seed led to.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="World">The world afterwards.</param>
/// <param name="Before">The world before.</param>
/// <param name="Runs">Every run, by its workflow id and in the order of their starts.</param>
/// <param name="Diary">What people did, and when.</param>
/// <param name="Over">Whether nothing would happen any more by itself.</param>
public sealed record Account(long Seed, World World, Glance Before, IReadOnlyList<Ended> Runs, IReadOnlyList<string> Diary, bool Over)
{
    /// <summary>The faults that it had.</summary>
    public required FaultPlan Plan { get; init; }

    /// <summary>When each page went out.</summary>
    public IReadOnlyList<DateTimeOffset> PagedAt { get; init; } = [];

    /// <summary>Staging folders that are left on the node's host.</summary>
    public IReadOnlyList<string> Staging { get; init; } = [];

    /// <summary>How many workflow tasks were given out.</summary>
    public int WorkflowTasks { get; init; }

    /// <summary>How often the engine died.</summary>
    public int Restarts { get; init; }
}
