using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>
/// A step, declared once: plan, digest, dry run, run, undo and report are all read from here. A step without
/// <see cref="Describe"/> reads only. One with it is describe, compare, register the undo, act, prove.
/// </summary>
public sealed record StepDeclaration
{
    /// <summary>Its id, such as <c>swap</c>; unique in the plan.</summary>
    public required string Id { get; init; }

    /// <summary>The plan's own number.</summary>
    public required string Number { get; init; }

    /// <summary>What it does, for people.</summary>
    public required string Title { get; init; }

    /// <summary>The rendered parameters, as <c>name=value</c>; part of the digest.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>What it changes; empty when it only reads.</summary>
    public string Changes { get; init; } = "";

    /// <summary>What its undo does; part of the digest.</summary>
    public UndoKind Undo { get; init; } = UndoKind.None;

    /// <summary>What an abort leaves in place, with the command that deals with it, for <see cref="UndoKind.Keep"/>.</summary>
    public string KeptText { get; init; } = "";

    /// <summary>May a person skip it after it failed?</summary>
    public bool Skippable { get; init; }

    /// <summary>What a skip leaves unproven.</summary>
    public string Unproven { get; init; } = "";

    /// <summary>Why the plan leaves it out (not configured, not needed); null when it is carried out.</summary>
    public string? LeftOut { get; init; }

    /// <summary>Leaving it out makes the outcome Partial.</summary>
    public bool LeftOutMatters { get; init; }

    /// <summary>The point of no return: no abort once it is scheduled.</summary>
    public bool Commit { get; init; }

    /// <summary>Its success is the proof that the application is healthy: the clock stops.</summary>
    public bool ProvesHealth { get; init; }

    /// <summary>Its success contains the failure (the failed node is stopped, a key is fenced): the incident's document names the time.</summary>
    public bool Contains { get; init; }

    /// <summary>What it sees decides what comes next: facts are gathered and the plan is made again when it is done.</summary>
    public bool Replans { get; init; }

    /// <summary>Needs the side that is lost: left out in ungraceful mode.</summary>
    public bool NeedsLostSide { get; init; }

    /// <summary>
    /// Steps that follow each other with the same group are independent of one another and run at once. They must act on different
    /// targets: a target refuses a number below the highest that it has seen.
    /// </summary>
    public string? Group { get; init; }

    /// <summary>An undo of this step leads back into what was broken: the unwinding plan marks it.</summary>
    public string UndoRisk { get; init; } = "";

    /// <summary>Observes what the step changes; null for a step that reads only.</summary>
    public Func<Task<Observed>>? Describe { get; init; }

    /// <summary>The value of the world when the step is done.</summary>
    public string After { get; init; } = "";

    /// <summary>Values that a half-done act may leave, from which act and undo both know how to go on.</summary>
    public IReadOnlyList<string> Partials { get; init; } = [];

    /// <summary>Acts (or reads) and says what came of it.</summary>
    public required Func<StepAct, Task<string?>> Act { get; init; }

    /// <summary>Takes it back; for <see cref="UndoKind.Restore"/>.</summary>
    public Func<StepAct, Task>? UndoAct { get; init; }
}
