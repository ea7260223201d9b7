namespace VirtEngine.DR.Contracts.Flow;

/// <summary>What the input of every runbook says beside its target.</summary>
public interface IRunbookInput
{
    /// <summary>live, practice or dryRun.</summary>
    RunMode Mode { get; }

    /// <summary>D1 to D5.</summary>
    string IncidentClass { get; }

    /// <summary>Who starts it; null where an alert or a controller does without a name.</summary>
    string? Operator { get; }

    /// <summary>Why.</summary>
    string? Reason { get; }

    /// <summary>A ticket to link to.</summary>
    string? Ticket { get; }

    /// <summary>When the failure was noticed; the clock starts there. Null: the start of the run.</summary>
    DateTimeOffset? TriggeredAt { get; }

    /// <summary>What another run left behind and this one settles.</summary>
    Takeover? Takeover { get; }
}
