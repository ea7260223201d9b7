using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Contracts.Incidents;

/// <summary>Starts an <c>Escalation</c>: one clock of one run. Started by runs, never by hand.</summary>
public sealed record EscalationInput
{
    /// <summary>The run.</summary>
    public required IncidentRun Run { get; init; }

    /// <summary>The run's clocks are counted: the first counts from the trigger, others from a relapse, a parking or a hand-over.</summary>
    public required int Clock { get; init; }

    /// <summary>From when the levels' times count.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>What the clock counts from, for people.</summary>
    public required string Why { get; init; }

    /// <summary>Who was given the run, and is told at once; null where nobody was.</summary>
    public string? HandedTo { get; init; }

    /// <summary>After the last level: so long until it is paged again. Doubles up to <see cref="LongestPageEvery"/>.</summary>
    public required TimeSpan PageEvery { get; init; }

    /// <summary>The longest time between two pages to the last level.</summary>
    public required TimeSpan LongestPageEvery { get; init; }

    /// <summary>Where pages are posted to.</summary>
    public IReadOnlyList<ChannelSpec> Channels { get; init; } = [];

    /// <summary>The run's history grew long: it is sent nothing more.</summary>
    public bool Hushed { get; init; }

    /// <summary>What it did before its own history was full; null at its beginning.</summary>
    public EscalationSoFar? SoFar { get; init; }
}
