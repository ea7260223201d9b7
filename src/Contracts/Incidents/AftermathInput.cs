using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Contracts.Incidents;

/// <summary>Starts an <c>Aftermath</c>: what people owe after a run, each with its deadline. Started by runs, never by hand.</summary>
public sealed record AftermathInput
{
    /// <summary>The run.</summary>
    public required IncidentRun Run { get; init; }

    /// <summary>How it ended.</summary>
    public required string Outcome { get; init; }

    /// <summary>When it ended; the deadlines count from here.</summary>
    public required DateTimeOffset ClosedAt { get; init; }

    /// <summary>The evidence bundle's key; null when none was written.</summary>
    public string? Evidence { get; init; }

    /// <summary>What is owed. A run that continues as new hands it on with what was done.</summary>
    public required IReadOnlyList<AftermathTask> Tasks { get; init; }

    /// <summary>Where reminders are posted to.</summary>
    public IReadOnlyList<ChannelSpec> Channels { get; init; } = [];

    /// <summary>The journal of the executions before.</summary>
    public IReadOnlyList<JournalEntry> Journal { get; init; } = [];

    /// <summary>The handing over was told.</summary>
    public bool Announced { get; init; }
}
