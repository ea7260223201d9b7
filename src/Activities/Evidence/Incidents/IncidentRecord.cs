using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;

namespace VirtEngine.DR.Activities.Evidence.Incidents;

/// <summary>An incident as its run's own history tells it; what no history can know is left for people to fill in.</summary>
public sealed record IncidentRecord
{
    /// <summary>1.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The run's id.</summary>
    public required string Id { get; init; }

    /// <summary>The runbook.</summary>
    public required string Runbook { get; init; }

    /// <summary>What it does.</summary>
    public required string Title { get; init; }

    /// <summary>D1 to D5.</summary>
    public required string Class { get; init; }

    /// <summary>What it was about.</summary>
    public required string Target { get; init; }

    /// <summary>Its region.</summary>
    public string? Region { get; init; }

    /// <summary>live or practice.</summary>
    public required RunMode Mode { get; init; }

    /// <summary>How it ended; null while it is open.</summary>
    public RunOutcome? Outcome { get; init; }

    /// <summary>In a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Who ran it; claimed.</summary>
    public required string Operator { get; init; }

    /// <summary>Its times.</summary>
    public required IncidentTimes Times { get; init; }

    /// <summary>Who approved or denied what, and when; names are claimed.</summary>
    public IReadOnlyList<JournalEntry> Approvals { get; init; } = [];

    /// <summary>Whom the escalation paged.</summary>
    public IReadOnlyList<EscalationTold> Escalated { get; init; } = [];

    /// <summary>Who said that they are on it; claimed.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>What was observed: voting power and heights first, at the beginning and at the end.</summary>
    public IReadOnlyList<string> Impact { get; init; } = [];

    /// <summary>What was done, step by step.</summary>
    public IReadOnlyList<string> Done { get; init; } = [];

    /// <summary>What is unproven, left out or left behind.</summary>
    public IReadOnlyList<string> Unproven { get; init; } = [];

    /// <summary>What is still to be done, by whom and until when.</summary>
    public IReadOnlyList<IncidentAction> Actions { get; init; } = [];

    /// <summary>Everything that happened, oldest first.</summary>
    public IReadOnlyList<JournalEntry> Timeline { get; init; } = [];

    /// <summary>For people to fill in: no history knows it.</summary>
    public string RootCause { get; init; } = "";

    /// <summary>SHA-256 of the state that this was made from; null where it was made from a run that goes on.</summary>
    public string? StateDigest { get; init; }
}

/// <summary>The times of an incident.</summary>
/// <param name="Trigger">The trigger's own time: an alert's, or when a person noticed.</param>
/// <param name="Detected">When the run began.</param>
/// <param name="Declared">When its first plan was there; null: never.</param>
/// <param name="Contained">When the first step that contains was proven; null: the runbook has none, or none was.</param>
/// <param name="Healthy">When the application was proven healthy; null: never.</param>
/// <param name="Closed">When it ended; null: it is open.</param>
/// <param name="Objective">The recovery time objective.</param>
/// <param name="AtGates">Waiting for approvals.</param>
/// <param name="Paused">Paused or parked.</param>
public sealed record IncidentTimes(
    DateTimeOffset Trigger, DateTimeOffset? Detected, DateTimeOffset? Declared, DateTimeOffset? Contained, DateTimeOffset? Healthy,
    DateTimeOffset? Closed, TimeSpan? Objective, TimeSpan AtGates, TimeSpan Paused);

/// <summary>Something that is still to be done.</summary>
/// <param name="What">What.</param>
/// <param name="Owner">Who; claimed.</param>
/// <param name="DueAt">Until when; null: nobody set a deadline.</param>
/// <param name="Done">How it was done; null while it is open.</param>
public sealed record IncidentAction(string What, string Owner, DateTimeOffset? DueAt, AftermathDone? Done);
