using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Runbooks;

/// <summary>Every call of RB-DR-006 fails or loses its answer, and a person retries or aborts: the world is the one before or after, and the journal tells the truth.</summary>
public sealed class RestoreFaultTests(DevServer server)
{
    public static TheoryData<string, bool, bool> Cells()
    {
        var cells = new TheoryData<string, bool, bool>();
        string[] activities =
        [
            "node.observe", "restore.staged", "restore.stage", "restore.verify-staged", "node.stop", "restore.swapped", "restore.swap", "node.start",
            "chain.await-healthy",
        ];
        foreach (var activity in activities)
        {
            foreach (var lost in new[] { false, true })
            {
                cells.Add(activity, lost, true);
                cells.Add(activity, lost, false);
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Run_ACallFails_EndsBeforeOrAfter(string activity, bool lost, bool abort)
    {
        await using var harness = Harness.Start(server);
        var run = await harness.RestoreAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        if (lost)
        {
            harness.World.Faults.LoseAnswer(activity);
        }
        else
        {
            harness.World.Faults.Fail(activity);
        }

        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);
        if (abort)
        {
            await run.AbortAsync();
        }
        else
        {
            await run.DoAsync(Verbs.Retry);
        }

        var state = await run.ResultAsync();

        Truth.Check(harness.World, state);
        Assert.Equal(!abort, state.Outcome == RunOutcome.Succeeded);
        Assert.False(await harness.LockedAsync());
    }

    [Theory]
    [InlineData("node.start")]
    [InlineData("restore.swap-back")]
    [InlineData("node.stop")]
    public async Task Unwind_AnUndoFailsOrLosesItsAnswer_HoldsTheLockUntilItIsProven(string activity)
    {
        await using var harness = Harness.Start(server);
        harness.World.Healthy = false;
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);
        harness.World.Faults.LoseAnswer(activity);

        await run.AbortAsync();
        await run.WhenAsync(RunPhase.Parked);
        Assert.True(await harness.LockedAsync());
        await run.DoAsync(Verbs.Retry);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Truth.Check(harness.World, state);
    }
}
