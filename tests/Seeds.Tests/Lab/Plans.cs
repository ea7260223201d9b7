using VirtEngine.DR.Embedded;

namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>Which faults a seed has.</summary>
public static class Plans
{
    /// <summary>Some kinds of faults, each rare or frequent; every eighth seed has none.</summary>
    public static FaultPlan Of(long seed)
    {
        var dice = new Dice(seed);
        if (dice.Below(8, "plan/none") == 0)
        {
            return new FaultPlan { Seed = seed };
        }

        double Share(string kind) => dice.Happens(0.35, "plan/" + kind) ? (1 + dice.Below(12, "plan/share/" + kind)) / 100.0 : 0;
        return new FaultPlan
        {
            Seed = seed,
            LoseWorkflowTasks = Share("lose-workflow-tasks"),
            LoseActivities = Share("lose-activities"),
            TimeOutActivities = Share("time-out-activities"),
            FailActivities = Share("fail-activities"),
            LateActivities = Share("late-activities"),
            SlowHeartbeats = Share("slow-heartbeats"),
            LoseSticky = Share("lose-sticky"),
            DuplicateWorkflowTasks = dice.Happens(0.1, "plan/two-workers") ? 0.3 : 0,
            DuplicateActivities = Share("duplicate-activities"),
            LateMessages = 2 * Share("late-messages"),
            DuplicateMessages = 2 * Share("duplicate-messages"),
            LongestDelay = dice.One("plan/delay", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(45), TimeSpan.FromMinutes(5)),
            RestartAtWorkflowTask = dice.Happens(0.04, "plan/restart") ? 1 + dice.Below(45, "plan/restart-at") : null,
        };
    }
}
