using VirtEngine.DR.Contracts.Incidents;

namespace VirtEngine.DR.Contracts.Flow;

/// <summary>A run as the <c>state</c> query shows it: the status, the report and the evidence are made from it.</summary>
public sealed record RunState
{
    /// <summary>The runbook, such as RB-DR-006.</summary>
    public required string Runbook { get; init; }

    /// <summary>What the runbook does, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>The run's workflow id.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>What it acts on, such as <c>node/fullnode-0</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The target's region.</summary>
    public string? Region { get; init; }

    /// <summary>D1 to D5.</summary>
    public string? IncidentClass { get; init; }

    /// <summary>live, practice or dry run.</summary>
    public required RunMode Mode { get; init; }

    /// <summary>Where it is.</summary>
    public required RunPhase Phase { get; init; }

    /// <summary>How it ended, once it is closed.</summary>
    public RunOutcome? Outcome { get; init; }

    /// <summary>One sentence: what is going on and what is expected of whom.</summary>
    public required string Headline { get; init; }

    /// <summary>Who started it, and who has it now.</summary>
    public required string Operator { get; init; }

    /// <summary>The clock against the objective.</summary>
    public required ClockState Clock { get; init; }

    /// <summary>The plan, once it is made.</summary>
    public PlanState? Plan { get; init; }

    /// <summary>The gates of the plan.</summary>
    public IReadOnlyList<GateState> Gates { get; init; } = [];

    /// <summary>The steps of the plan.</summary>
    public IReadOnlyList<StepState> Steps { get; init; } = [];

    /// <summary>What the plan depends on, as observed.</summary>
    public IReadOnlyList<FactState> Facts { get; init; } = [];

    /// <summary>The unwinding plan that awaits confirmation, or is at work.</summary>
    public PlanState? Unwinding { get; init; }

    /// <summary>What an operator can do now and what it would do.</summary>
    public IReadOnlyList<AllowedVerb> Allowed { get; init; } = [];

    /// <summary>What is unproven, left out or left behind, with the command that deals with it.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>The journal, oldest first.</summary>
    public IReadOnlyList<JournalEntry> Journal { get; init; } = [];

    /// <summary>What the run did and has not undone; for whoever has to go on when it cannot.</summary>
    public RunHandover? Handover { get; init; }

    /// <summary>The evidence bundle's key, once it is written.</summary>
    public string? Evidence { get; init; }

    /// <summary>Whom the escalation paged, oldest first.</summary>
    public IReadOnlyList<EscalationTold> Escalated { get; init; } = [];

    /// <summary>Who said that they are on it; claimed.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>What people owe after it, with deadlines, once it is closed.</summary>
    public IReadOnlyList<AftermathTask> Aftermath { get; init; } = [];
}

/// <summary>The clock against the recovery time objective. It runs from the trigger to the proof of health; gates and pauses count.</summary>
/// <param name="TriggeredAt">When the failure was noticed.</param>
/// <param name="Target">The objective, where there is one.</param>
/// <param name="ProvenAt">When the application was proven healthy.</param>
/// <param name="AtGates">Time spent at gates.</param>
/// <param name="Paused">Time spent paused or parked.</param>
public sealed record ClockState(DateTimeOffset TriggeredAt, TimeSpan? Target, DateTimeOffset? ProvenAt, TimeSpan AtGates, TimeSpan Paused)
{
    /// <summary>When the first step that contains was proven.</summary>
    public DateTimeOffset? ContainedAt { get; init; }
}

/// <summary>A plan.</summary>
/// <param name="Number">1, and one more whenever a bound is left.</param>
/// <param name="Digest">SHA-256 over steps, parameters, undo kinds and bounds, lower-case hex.</param>
/// <param name="Bounds">What an approval accepts (this backup; at most n blocks lost).</param>
/// <param name="Risks">What people should know before they approve.</param>
public sealed record PlanState(int Number, string Digest, IReadOnlyList<string> Bounds, IReadOnlyList<string> Risks);

/// <summary>A gate.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Question">What is asked.</param>
/// <param name="Required">Approvals needed.</param>
/// <param name="Open">Waiting now.</param>
/// <param name="Passed">Approved.</param>
/// <param name="Approvals">Who approved so far.</param>
/// <param name="DeniedBy">Who denied.</param>
/// <param name="Deadline">When the timeout's default applies.</param>
/// <param name="OnTimeout">deny, hold or escalate.</param>
public sealed record GateState(
    string Name, string Question, int Required, bool Open, bool Passed, IReadOnlyList<string> Approvals, string? DeniedBy,
    DateTimeOffset? Deadline, string OnTimeout)
{
    /// <summary>The digest that an answer must name: the plan's, or the unwinding's.</summary>
    public string? Digest { get; init; }
}

/// <summary>A step of the plan and where it is.</summary>
public sealed record StepState
{
    /// <summary>Its id, such as <c>swap</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The plan's own number, such as 5.</summary>
    public required string Number { get; init; }

    /// <summary>What it does, with its parameters.</summary>
    public required string Title { get; init; }

    /// <summary>What it changes; empty when it only reads.</summary>
    public string Changes { get; init; } = "";

    /// <summary>What its undo does.</summary>
    public UndoKind Undo { get; init; }

    /// <summary>May it be skipped?</summary>
    public bool Skippable { get; init; }

    /// <summary>Where it is.</summary>
    public StepStatus Status { get; init; }

    /// <summary>How far it is, or what was observed.</summary>
    public string? Detail { get; init; }

    /// <summary>Why it failed and what to do.</summary>
    public string? Error { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>Something that the plan depends on, as observed.</summary>
/// <param name="Name">Such as "backup" or "free space".</param>
/// <param name="Value">As people read it.</param>
/// <param name="ObservedAt">When.</param>
public sealed record FactState(string Name, string Value, DateTimeOffset ObservedAt)
{
    /// <summary>What was observed first, where that was something else.</summary>
    public string? FirstValue { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? FirstAt { get; init; }
}

/// <summary>A verb that would work now.</summary>
/// <param name="Verb">Its name.</param>
/// <param name="Effect">What it would do.</param>
public sealed record AllowedVerb(string Verb, string Effect);

/// <summary>One transition.</summary>
/// <param name="At">When.</param>
/// <param name="Actor">A person's claimed name, or <c>flow</c>.</param>
/// <param name="Event">Such as <c>step.done</c> or <c>gate.approved</c>.</param>
/// <param name="Text">For people.</param>
public sealed record JournalEntry(DateTimeOffset At, string Actor, string Event, string Text);
