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
}
