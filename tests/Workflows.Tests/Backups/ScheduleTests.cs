using Temporalio.Client.Schedules;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Backups;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Backups;

public sealed class ScheduleTests(DevServer server)
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ScheduleLook Fine = new(WorkflowTypes.BackupChainState, TimeSpan.FromHours(1), true, false, 0, Now.AddHours(-3), Now.AddHours(1));

    public static TheoryData<ScheduleLook, string?> Looks => new()
    {
        { Fine, null },
        { Fine with { Last = null }, null },
        { Fine with { Next = Now.AddMinutes(-61) }, null },
        { Fine with { Next = Now.AddMinutes(-62) }, "BackupChainState/overdue/2026-03-01 10:58:00Z" },
        { Fine with { Missed = 3 }, "BackupChainState/missed/3" },
        { Fine with { Paused = true, Next = Now.AddHours(-5) }, "BackupChainState/paused" },
        { Fine with { Exists = false, Next = null }, "BackupChainState/absent" },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public void Of_OneSchedule_NamesExactlyWhatIsWrong(ScheduleLook look, string? key) =>
        Assert.Equal(key is null ? [] : [key], ScheduleProblems.Of(new(Now, [look], [], false)).Select(p => p.Key));

    [Fact]
    public async Task Check_ByItsSchedule_TellsEachThingOnce()
    {
        await using var harness = Harness.Start(server, node: false);
        harness.World.Schedules = [Fine with { Missed = 1 }];
        var id = "check-" + harness.World.Node;
        var schedule = await harness.Client.CreateScheduleAsync(id, new(
            ScheduleActionStartWorkflow.Create(WorkflowTypes.CheckSchedules, [new ScheduleCheckInput()], new(id, harness.Control)),
            new ScheduleSpec { CronExpressions = ["0 0 1 1 *"] }));

        Assert.Equal("BackupChainState/missed/1", Assert.Single(await RunAsync(schedule, 1)).Key);
        Assert.Single(harness.World.Notifications, n => n.Severity == "error" && n.Summary.Contains("1 run(s) were missed", StringComparison.Ordinal));

        await RunAsync(schedule, 2);
        Assert.Single(harness.World.Notifications);

        harness.World.Schedules = [Fine with { Missed = 2 }];
        await RunAsync(schedule, 3);
        Assert.Equal(2, harness.World.Notifications.Count);

        harness.World.Schedules = [Fine];
        Assert.Empty(await RunAsync(schedule, 4));
        Assert.Equal(2, harness.World.Notifications.Count);
        await schedule.DeleteAsync();

        async Task<IReadOnlyList<ScheduleProblem>> RunAsync(ScheduleHandle handle, int count)
        {
            await handle.TriggerAsync();
            var actions = await Eventually.GetAsync(async () => (await handle.DescribeAsync()).Info.RecentActions, a => a.Count == count);
            var started = Assert.IsType<ScheduleActionExecutionStartWorkflow>(actions.Last().Action);
            return (await harness.Client.GetWorkflowHandle(started.WorkflowId, started.FirstExecutionRunId).GetResultAsync<ScheduleCheckOutcome>()).Problems;
        }
    }
}
