using System.Text.Json;

namespace VirtEngine.DR.Contracts.Flow;

/// <summary>
/// What a run did and has not undone, so that another run can answer for it: a repair of the same runbook, or a run of a higher rank that
/// took the lock.
/// </summary>
public sealed record RunHandover
{
    /// <summary>The run whose acts these are; its name stands in their keys.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>Its first execution, as in the keys of its acts.</summary>
    public required string FirstRunId { get; init; }

    /// <summary>The run that holds its locks: the same one, or the repair that went on in its name.</summary>
    public string HolderWorkflowId { get; init; } = "";

    /// <summary>That run's first execution.</summary>
    public string HolderFirstRunId { get; init; } = "";

    /// <summary>Its runbook: only that one knows how to undo its steps.</summary>
    public required string Runbook { get; init; }

    /// <summary>What it acted on.</summary>
    public required string Target { get; init; }

    /// <summary>The highest number that it gave to an act; whoever goes on counts from there, so that a late act is refused.</summary>
    public int Number { get; init; }

    /// <summary>What is registered and not undone, oldest first.</summary>
    public IReadOnlyList<UndoRecord> Undo { get; init; } = [];

    /// <summary>The point of no return was passed: what came after it has no undo.</summary>
    public bool Committed { get; init; }

    /// <summary>The locks that cover it.</summary>
    public IReadOnlyList<LockWish> Locks { get; init; } = [];

    /// <summary>The input that makes the same plan again, with what was chosen on the way pinned.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>What it had inherited itself.</summary>
    public IReadOnlyList<RunHandover> Inherited { get; init; } = [];

    /// <summary>The end of its journal; left out where the whole state is at hand.</summary>
    public IReadOnlyList<JournalEntry> Journal { get; init; } = [];
}

/// <summary>An undo that is registered and not done.</summary>
/// <param name="Step">The step's id.</param>
/// <param name="Number">The plan's own number of it.</param>
/// <param name="Kind">What its undo does.</param>
/// <param name="Before">The world before the first act.</param>
/// <param name="BeforeText">For people.</param>
/// <param name="After">What was intended.</param>
/// <param name="Unknown">An act was sent and its result is not proven.</param>
/// <param name="Text">What stays, or what the undo risks.</param>
public sealed record UndoRecord(
    string Step, string Number, UndoKind Kind, string Before, string BeforeText, string After, bool Unknown, string Text);

/// <summary>A lock to take.</summary>
/// <param name="Id">The lock.</param>
/// <param name="Shared">With others who share it; else alone.</param>
public sealed record LockWish(string Id, bool Shared = false);

/// <summary>Starts a runbook in order to settle what another run left behind, instead of what it usually does.</summary>
/// <param name="Run">What is to be settled.</param>
/// <param name="HolderWorkflowId">The run that holds its locks (or held them, when it ended).</param>
/// <param name="HolderFirstRunId">Its first execution.</param>
/// <param name="Adopt">Leave the world as it is and take it for the wanted one; else unwind.</param>
/// <param name="Digest">The repair plan that was looked at; null where nobody did.</param>
public sealed record Takeover(RunHandover Run, string HolderWorkflowId, string HolderFirstRunId, bool Adopt, string? Digest)
{
    /// <summary>The property of a runbook's input that holds it.</summary>
    public const string Property = "takeover";
}
