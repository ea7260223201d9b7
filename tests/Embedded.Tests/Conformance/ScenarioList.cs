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
        .. CancelScenarios.All,
        .. ChildScenarios.All,
        .. ActivityScenarios.All,
        .. ActivityAnswerScenarios.All,
        .. TaskScenarios.All,
        .. ChainScenarios.All,
        .. MarkerScenarios.All,
        .. HistoryScenarios.All,
        .. LimitScenarios.All,
        .. ResetScenarios.All,
        .. ResetStateScenarios.All,
        .. ScheduleScenarios.All,
        .. OverlapScenarios.All,
        .. VisibilityScenarios.All,
    ];
}
