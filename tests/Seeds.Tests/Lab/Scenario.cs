using VirtEngine.DR.Tests.Kit;

namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>What is played under a seed, and what must hold afterwards.</summary>
public sealed record Scenario
{
    /// <summary>As it is named on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>The workflow classes that it is about.</summary>
    public required IReadOnlyList<Type> Workflows { get; init; }

    /// <summary>The world before anything happens, as the seed says.</summary>
    public Action<World, Dice> Prepare { get; init; } = (_, _) => { };

    /// <summary>Starts what is played; the answer names the runs that an operator looks after.</summary>
    public required Func<Stage, Task> Begin { get; init; }

    /// <summary>What is wrong afterwards; nothing where all is well.</summary>
    public required Func<Account, IEnumerable<string>> Check { get; init; }

    /// <summary>Seeds that once found something; they are always played.</summary>
    public IReadOnlyList<long> Known { get; init; } = [];

    /// <summary>How long activities take at most.</summary>
    public TimeSpan LongestActivity { get; init; } = TimeSpan.FromSeconds(20);
}
