using VirtEngine.DR.Seeds.Tests.Lab;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>A bug on purpose.</summary>
public static class Planting
{
    /// <summary>
    /// A world where an act that is done twice, because its answer was lost on the way, does harm. Only some seeds lose such an answer.
    /// </summary>
    public static Scenario ActsTwice { get; } = Restores.Chain with
    {
        Name = "planted-double-act",
        Known = [],
        Check = account => account.World.Acts.GroupBy(a => a.Key).Where(g => g.Count() > 1).Select(g => $"{g.First().Activity} was done twice under {g.Key}"),
    };
}
