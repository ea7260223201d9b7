namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>All scenarios.</summary>
public static class ScenarioList
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        .. StartScenarios.All,
        .. SignalScenarios.All,
        .. QueryScenarios.All,
        .. UpdateScenarios.All,
    ];
}
