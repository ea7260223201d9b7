using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Embedded;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Seeds.Tests.Scenarios;
using VirtEngine.DR.Workflows.Runbooks;
using Xunit;

namespace VirtEngine.DR.Seeds.Tests;

/// <summary>RB-DR-006's long timers, hour by hour.</summary>
public sealed class WatchTests
{
    private static readonly FaultPlan Calm = new() { Seed = 5 };

    [Fact]
    public async Task Restore_WatchedForADay_ClosesADayAfterTheProof()
    {
        var state = await PlayAsync(relapseAfter: null);

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        var begun = state.Journal.Single(j => j.Event == "watch.begun").At;
        Assert.Equal(begun + TimeSpan.FromHours(24), state.Journal.Single(j => j.Event == "watch.over").At);
        Assert.Equal(state.Clock.ProvenAt, state.Journal.Last(j => j.Event == "step.done" && j.Text.StartsWith("7 ", StringComparison.Ordinal)).At);
    }

    [Fact]
    public async Task Restore_RelapsesInTheSeventhHour_OpensTheNextPlanThen()
    {
        var state = await PlayAsync(relapseAfter: TimeSpan.FromHours(7));

        Assert.Equal(new VirtualTime().GetUtcNow() + TimeSpan.FromHours(7), state.Journal.First(j => j.Event == "watch.relapsed").At);
        Assert.Contains(state.Journal, j => j.Event == "plan.changed" && j.Text.Contains("round 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restore_NobodyAnswersTheGate_PagesEveryFourHours()
    {
        var scenario = Scenario(relapseAfter: null) with
        {
            Begin = async stage =>
            {
                await StartAsync(stage);
                stage.Desk.Plan(TimeSpan.FromHours(12), () => stage.SendAsync("gives up", () => stage.Client.GetWorkflowHandle("restore").CancelAsync()));
            },
        };
        var account = await Stage.PlayAsync(scenario, 5, Calm);
        var opened = account.Runs.Single(r => r.WorkflowId == "restore").State!.Journal.Single(j => j.Event == "gate.opened").At;

        Assert.Equal([0, 4, 8], account.World.Notifications.Zip(account.PagedAt)
            .Where(n => !n.First.Key.StartsWith("escalation/", StringComparison.Ordinal) && n.Second < opened + TimeSpan.FromHours(11))
            .Select(n => (int)(n.Second - opened).TotalHours));
    }

    private static async Task<RunState> PlayAsync(TimeSpan? relapseAfter)
    {
        var account = await Stage.PlayAsync(Scenario(relapseAfter), 5, Calm);
        return account.Runs.Single(r => r.WorkflowId == "restore").State!;
    }

    private static Scenario Scenario(TimeSpan? relapseAfter) => new()
    {
        Name = "watch",
        Workflows = [typeof(BackupRestoreWorkflow)],
        LongestActivity = TimeSpan.Zero,
        Prepare = (world, _) =>
        {
            world.Watch = new() { Period = TimeSpan.FromHours(24) };
            world.RelapseAt = relapseAfter is { } after ? world.Time.GetUtcNow() + after : null;
        },
        Begin = async stage =>
        {
            await StartAsync(stage);
            RunOperator.LookAfter(stage, "restore", 0);
        },
        Check = CommonRules.Check,
    };

    private static Task StartAsync(Stage stage) => stage.StartAsync(
        WorkflowTypes.BackupRestore, new BackupRestoreInput { Node = stage.World.Node, Mode = RunMode.Practice, Operator = "alice" }, "restore");
}
