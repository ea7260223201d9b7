namespace VirtEngine.DR.Signing;

/// <summary>An alarm on one machine: its gate starts nothing until two people cleared it.</summary>
public sealed record AlarmRecord
{
    /// <summary>When it was raised.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Why.</summary>
    public required IReadOnlyList<AlarmReason> Reasons { get; init; }

    /// <summary>When no signer ran here any more; null before that.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Why it could not be stopped yet.</summary>
    public string? StopProblem { get; init; }

    /// <summary>Somebody was told.</summary>
    public bool Paged { get; init; }

    /// <summary>Who cleared it.</summary>
    public IReadOnlyList<string> ClearedBy { get; init; } = [];

    /// <summary>What they found out.</summary>
    public string? ClearedReason { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? ClearedAt { get; init; }
}

/// <summary>What a machine remembers of a key's alarms.</summary>
/// <param name="Current">The present one; null when there is none.</param>
/// <param name="Cleared">The former ones, newest last.</param>
public sealed record AlarmBook(AlarmRecord? Current, IReadOnlyList<AlarmRecord> Cleared)
{
    /// <summary>No alarm ever.</summary>
    public static AlarmBook Empty { get; } = new(null, []);

    /// <summary>What was cleared and raises no alarm again.</summary>
    public IReadOnlyCollection<string> Marks => [.. Cleared.SelectMany(one => one.Reasons).Select(reason => reason.Mark)];
}
