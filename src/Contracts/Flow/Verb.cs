namespace VirtEngine.DR.Contracts.Flow;

/// <summary>What an operator can do to a run: an update and a signal of each name.</summary>
public static class Verbs
{
    /// <summary>Approves an open gate.</summary>
    public const string Approve = "approve";

    /// <summary>Refuses an open gate.</summary>
    public const string Deny = "deny";

    /// <summary>No new step or undo starts.</summary>
    public const string Pause = "pause";

    /// <summary>Ends a pause.</summary>
    public const string Resume = "resume";

    /// <summary>Tries a failed step again, from describe.</summary>
    public const string Retry = "retry";

    /// <summary>Leaves a failed step out, where it is declared skippable.</summary>
    public const string Skip = "skip";

    /// <summary>Asks for the unwinding plan; confirmed by its digest it unwinds.</summary>
    public const string Abort = "abort";

    /// <summary>From graceful to ungraceful.</summary>
    public const string Switch = "switch";

    /// <summary>Writes into the journal.</summary>
    public const string Note = "note";

    /// <summary>Says that somebody is on it.</summary>
    public const string Acknowledge = "acknowledge";

    /// <summary>Gives the run to somebody else.</summary>
    public const string HandOver = "hand-over";

    /// <summary>The query that answers with <see cref="RunState"/>.</summary>
    public const string State = "state";

    /// <summary>All verbs, in the order of help texts.</summary>
    public static IReadOnlyList<string> All { get; } = [Approve, Deny, Pause, Resume, Retry, Skip, Abort, Switch, Note, Acknowledge, HandOver];
}

/// <summary>One verb from one person.</summary>
public sealed record VerbMessage
{
    /// <summary>Who; claimed until approvals are signed.</summary>
    public string By { get; init; } = "";

    /// <summary>Why.</summary>
    public string? Why { get; init; }

    /// <summary>The same id twice has one effect; null: the message is taken as it is.</summary>
    public string? Id { get; init; }

    /// <summary>approve, deny: the gate's name.</summary>
    public string? Gate { get; init; }

    /// <summary>approve, deny: the plan's digest (its first 8 characters suffice); abort: the unwinding plan's.</summary>
    public string? Digest { get; init; }

    /// <summary>retry, skip: the step's id.</summary>
    public string? Step { get; init; }

    /// <summary>hand-over: to whom.</summary>
    public string? To { get; init; }
}

/// <summary>The answer to a verb.</summary>
/// <param name="Accepted">Whether it had (or already has had) its effect.</param>
/// <param name="Message">What happened, or why not and which verb would work.</param>
/// <param name="State">The run as it is now, with the newest entries of its journal.</param>
public sealed record VerbReply(bool Accepted, string Message, RunState State);
