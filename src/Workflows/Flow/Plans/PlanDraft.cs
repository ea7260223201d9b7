namespace VirtEngine.DR.Workflows.Flow;

/// <summary>What a runbook makes of its facts: the plan before it has a number and a digest.</summary>
public sealed record PlanDraft
{
    /// <summary>The steps, in the plan's order.</summary>
    public required IReadOnlyList<StepDeclaration> Steps { get; init; }

    /// <summary>Where people decide.</summary>
    public IReadOnlyList<GateDeclaration> Gates { get; init; } = [];

    /// <summary>What an approval accepts.</summary>
    public IReadOnlyList<Bound> Bounds { get; init; } = [];

    /// <summary>What people should know before they approve; measurements, not part of the digest.</summary>
    public IReadOnlyList<string> Risks { get; init; } = [];

    /// <summary>What is watched after the last step; null where nothing can be observed.</summary>
    public WatchDeclaration? Watch { get; init; }

    /// <summary>1, and one more after each relapse; set by Flow.</summary>
    public int Round { get; init; } = 1;

    /// <summary>Made without the lost side; set by Flow.</summary>
    public bool Ungraceful { get; init; }
}
