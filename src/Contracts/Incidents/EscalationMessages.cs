namespace VirtEngine.DR.Contracts.Incidents;

/// <summary>Whom a level pages, and when.</summary>
/// <param name="Role">Such as infrastructure lead.</param>
/// <param name="Contact">How to reach them; null where the estate does not say.</param>
/// <param name="After">From the clock's beginning.</param>
public sealed record EscalationLevel(string Role, string? Contact, TimeSpan After);

/// <summary>A level that was paged, or could not be.</summary>
/// <param name="Clock">Of which of the run's clocks.</param>
/// <param name="Level">1 and up; 0 for the person whom the run was handed to.</param>
/// <param name="Role">Who.</param>
/// <param name="Contact">How to reach them.</param>
/// <param name="At">When.</param>
/// <param name="Delivered">A channel accepted the page.</param>
/// <param name="Detail">The channels' answers.</param>
/// <param name="Again">0 for the first page of a level; else how often the last level has been paged again since.</param>
public sealed record EscalationTold(int Clock, int Level, string Role, string? Contact, DateTimeOffset At, bool Delivered, string Detail, int Again = 0)
{
    /// <summary>It takes the other's place in a list: a level's first page is kept, and of those after it the newest.</summary>
    public bool Replaces(EscalationTold other) => other is not null && other.Clock == Clock && other.Level == Level && (other.Again > 0) == (Again > 0);

    /// <summary>Who it was, for people.</summary>
    public string Who() => FormattableString.Invariant($"{Role}{(Contact is null ? "" : $" ({Contact})")}{(Again > 0 ? $", again ({Again})" : "")}");
}

/// <summary>What an escalation hands to itself when its own history is full.</summary>
/// <param name="Source">Where the levels are from.</param>
/// <param name="Levels">Whom it pages.</param>
/// <param name="Told">Whom it paged.</param>
/// <param name="Again">How often the last level was paged again.</param>
public sealed record EscalationSoFar(string Source, IReadOnlyList<EscalationLevel> Levels, IReadOnlyList<EscalationTold> Told, int Again);

/// <summary>An escalation as its query answers, and its result.</summary>
/// <param name="Run">The run.</param>
/// <param name="Clock">Which of its clocks.</param>
/// <param name="Since">From when it counts.</param>
/// <param name="Why">What it counts from.</param>
/// <param name="Source">Where the levels are from: the estate, or the plan's table.</param>
/// <param name="Levels">Whom it pages, and when.</param>
/// <param name="Told">Whom it paged.</param>
/// <param name="Next">When it pages next: the next level, or after the last one the same again; null when it pages no more.</param>
/// <param name="StoppedBy">Who acknowledged; null when nobody did.</param>
/// <param name="Ended">Why it pages no more; null while it does.</param>
public sealed record EscalationState(
    IncidentRun Run, int Clock, DateTimeOffset Since, string Why, string Source, IReadOnlyList<EscalationLevel> Levels,
    IReadOnlyList<EscalationTold> Told, DateTimeOffset? Next, string? StoppedBy, string? Ended);

/// <summary>Messages of an escalation and of the run that it belongs to.</summary>
public static class EscalationVerbs
{
    /// <summary>Signal of the escalation, with a <see cref="Flow.VerbMessage"/>: somebody is on it.</summary>
    public const string Acknowledge = "acknowledge";

    /// <summary>Signal of the escalation, with a sentence: the run needs nobody any more.</summary>
    public const string Over = "over";

    /// <summary>Signal of the escalation: the run's history is full, send it nothing more.</summary>
    public const string Hush = "hush";

    /// <summary>Signal of the run, with an <see cref="EscalationTold"/>: a level was paged.</summary>
    public const string Escalated = "escalated";
}
