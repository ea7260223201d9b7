namespace VirtEngine.DR.Contracts.Incidents;

/// <summary>Something that people owe after an incident.</summary>
public sealed record AftermathTask
{
    /// <summary>Its name in messages, such as <c>root-cause</c>.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public required string Title { get; init; }

    /// <summary>From the run's end to the deadline.</summary>
    public required TimeSpan Within { get; init; }

    /// <summary>The deadline.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Who owes it: the run's operator, claimed, until somebody else does it.</summary>
    public required string Owner { get; init; }

    /// <summary>Where the plan asks for it.</summary>
    public required string Source { get; init; }

    /// <summary>How many of its reminders are behind it.</summary>
    public int Reminded { get; init; }

    /// <summary>How it was done; null while it is open.</summary>
    public AftermathDone? Done { get; init; }
}

/// <summary>How a task was done.</summary>
/// <param name="By">Who; claimed.</param>
/// <param name="At">When it was said.</param>
/// <param name="Where">A link or a place.</param>
/// <param name="Note">What else there is to say.</param>
/// <param name="MessageId">The message that said it.</param>
/// <param name="Late">After the deadline.</param>
public sealed record AftermathDone(string By, DateTimeOffset At, string Where, string? Note, string? MessageId, bool Late);
