using VirtEngine.DR.Contracts.Flow;
using Xunit;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>Compares a restore's journal with the world that it left.</summary>
public static class Truth
{
    /// <summary>The world is the one before, the one after, or the run is parked; and the journal says which.</summary>
    public static void Check(World world, RunState state)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(state);
        var registered = state.Journal.Where(j => j.Event == "undo.registered").Select(j => j.Text.Split(':')[0]).ToHashSet();
        Assert.All(world.Acts.Where(a => a.Key.Direction == "do"), a => Assert.Contains(a.Key.Step, registered));
        var numbers = world.Acts.Select(a => a.Key.Number).ToArray();
        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(Claims(state, "swap"), world.Data == "backup");
        switch (state.Outcome)
        {
            case RunOutcome.Succeeded or RunOutcome.Partial:
                Assert.Equal("Running/backup", world.Summary);
                break;
            case RunOutcome.RolledBack or RunOutcome.Aborted or RunOutcome.Denied or RunOutcome.Superseded:
                Assert.Equal("Running/former", world.Summary);
                break;
            default:
                Assert.Fail($"neither before nor after nor parked: {state.Outcome}, {world.Summary}");
                break;
        }
    }

    private static bool Claims(RunState state, string step) => state.Steps.FirstOrDefault(s => s.Id == step)?.Status is StepStatus.Done or StepStatus.AlreadySo;
}
