using VirtEngine.DR.Seeds.Tests.Lab;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>Every scenario. Each workflow of the catalog stands in at least one.</summary>
public static class ScenarioTable
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Restores.Chain,
        Restores.LostHome,
        Restores.Configuration,
        Restores.Contested,
        NodeFailures.Cure,
        ComponentFailures.Provider,
        ComponentFailures.Gateway,
        ValidatorFailures.Cure,
        ValidatorFailures.Restore,
        Corruptions.Recover,
        Corruptions.Several,
        CoordinatedRecoveries.Together,
        SignerMoves.Move,
        SignerMoves.Contested,
        SignerMoves.Ended,
        PowerLimits.TwoAtOnce,
        Zones.AwayAndHome,
        .. Backups.All,
        Upkeep.Verify,
        Upkeep.Prune,
        Upkeep.Kept,
        Schedules.Check,
        Anchors.Keep,
        Incidents.Corruption,
    ];

    /// <summary>Scenarios with a bug in them on purpose: they show that the laboratory finds it.</summary>
    public static IReadOnlyList<Scenario> Planted { get; } = [PowerLimits.Blind, Planting.ActsTwice];

    /// <summary>The one of this name.</summary>
    public static Scenario Of(string name) => All.Concat(Planted).Single(s => s.Name == name);
}
