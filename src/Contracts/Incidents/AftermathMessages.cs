using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Contracts.Incidents;

/// <summary>Says that a task is done: the update and the signal <c>done</c>.</summary>
public sealed record DoneMessage
{
    /// <summary>Who; claimed.</summary>
    public string By { get; init; } = "";

    /// <summary>The task; may be left out where only one is open.</summary>
    public string? Task { get; init; }

    /// <summary>A link or a place where it can be read.</summary>
    public string? Where { get; init; }

    /// <summary>What else there is to say.</summary>
    public string? Note { get; init; }

    /// <summary>The same id twice has one effect.</summary>
    public string? Id { get; init; }
}

/// <summary>The answer to <c>done</c>.</summary>
/// <param name="Accepted">Whether it had (or already has had) its effect.</param>
/// <param name="Message">What happened, or why not.</param>
/// <param name="State">What is owed now.</param>
public sealed record DoneReply(bool Accepted, string Message, AftermathState State);

/// <summary>An aftermath as its query answers, and its result.</summary>
/// <param name="Run">The run.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="ClosedAt">When.</param>
/// <param name="Evidence">Its evidence bundle's key.</param>
/// <param name="Tasks">What is owed, the earliest deadline first.</param>
/// <param name="NextReminder">When people are reminded again; null when they are not.</param>
/// <param name="Journal">Who was told or said what; bounded.</param>
public sealed record AftermathState(
    IncidentRun Run, string Outcome, DateTimeOffset ClosedAt, string? Evidence, IReadOnlyList<AftermathTask> Tasks,
    DateTimeOffset? NextReminder, IReadOnlyList<JournalEntry> Journal);

/// <summary>Messages of an aftermath.</summary>
public static class AftermathVerbs
{
    /// <summary>Update and signal.</summary>
    public const string Done = "done";

    /// <summary>The memo that holds the tasks, so that they can be listed without a worker.</summary>
    public const string Memo = "aftermath";
}
