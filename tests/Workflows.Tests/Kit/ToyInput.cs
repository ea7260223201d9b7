using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>Input of the toy runbook.</summary>
public sealed record ToyInput
{
    public string Target { get; init; } = "";

    public bool Gates { get; init; } = true;

    public RunMode Mode { get; init; } = RunMode.Practice;

    public string? Operator { get; init; } = "alice";

    public int Rank { get; init; } = 3;

    public string? IncidentClass { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset? TriggeredAt { get; init; }

    /// <summary>How long it is watched at the end; zero: not at all.</summary>
    public TimeSpan Watch { get; init; }

    /// <summary>Locks this region: alone, or with a trailing <c>*</c> shared.</summary>
    public string? Region { get; init; }

    public Takeover? Takeover { get; init; }
}
