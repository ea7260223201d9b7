using VirtEngine.DR.Embedded;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Tests.Kit;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>What scenarios have in common.</summary>
public static class Some
{
    /// <summary>A moment early or late in what is played.</summary>
    public static TimeSpan Moment(Stage stage, string what)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.Dice.Time(stage.Dice.One(what + "/within", TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(40), TimeSpan.FromMinutes(3)), what + "/at");
    }

    /// <summary>Up to two calls of the world fail, or lose their answers.</summary>
    public static void Faults(World world, Dice dice, IReadOnlyList<string> calls)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(dice);
        for (var n = 0; n < dice.Below(3, "world/faults"); n++)
        {
            var call = dice.One($"world/fault/{n}", calls);
            if (dice.Happens(0.5, $"world/fault/{n}/lost"))
            {
                world.Faults.LoseAnswer(call);
            }
            else
            {
                world.Faults.Fail(call, permanent: dice.Happens(0.7, $"world/fault/{n}/permanent"), times: 1 + dice.Below(2, $"world/fault/{n}/times"));
            }
        }
    }

    /// <summary>Whether no activity fails by plan.</summary>
    public static bool Gentle(FaultPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan is { LoseActivities: 0, TimeOutActivities: 0, FailActivities: 0, LateActivities: 0, SlowHeartbeats: 0, DuplicateActivities: 0 };
    }
}
