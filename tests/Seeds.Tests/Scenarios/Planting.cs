using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Seeds.Tests.Lab;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>A bug on purpose.</summary>
public static class Planting
{
    /// <summary>
    /// Whoever presses stop twice wakes the node again: an act that is done twice, because its answer was lost on the way, does harm. Only some seeds lose that answer.
    /// </summary>
    public static Scenario SwapsWhileItRuns { get; } = Restores.Chain with
    {
        Name = "planted-double-act",
        Known = [],
        Check = account => account.World.Acts.Where(a => a.Activity == "node.stop").GroupBy(a => a.Key).Where(g => g.Count() > 1)
            .Select(g => $"the node is {ProcessState.Running}: it was stopped twice under {g.Key}"),
    };
}
