using VirtEngine.DR.Seeds.Tests.Lab;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>Every scenario. Each workflow of the catalog stands in at least one.</summary>
public static class ScenarioTable
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Scenario> All { get; } = [Restores.Chain, Restores.LostHome, Restores.Configuration];
}
