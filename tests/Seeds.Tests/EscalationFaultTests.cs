using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Embedded;
using VirtEngine.DR.Workflows.Incidents;
using Xunit;
using static VirtEngine.DR.Seeds.Tests.EscalationPlay;

namespace VirtEngine.DR.Seeds.Tests;

/// <summary>What is paged when something else is broken too.</summary>
public sealed class EscalationFaultTests
{
    [Fact]
    public async Task Run_TerminatedWithoutAWord_IsFoundClosedAndPagesNobody()
    {
        var account = await PlayAsync(
            stage => stage.Desk.Plan(TimeSpan.FromMinutes(5), () => stage.SendAsync("terminated", () => stage.Client.GetWorkflowHandle(Id).TerminateAsync("by the test"))),
            contacts: Estate);

        Assert.Empty(Pages(account));
        Assert.Equal("the run is closed", Ended(account, 1).Ended);
    }

    [Fact]
    public async Task Escalation_CancelledInTheUi_IsStoppedByItAndTheRunSaysSo()
    {
        var account = await PlayAsync(
            stage =>
            {
                stage.Desk.Plan(TimeSpan.FromMinutes(5), async () =>
                {
                    var run = await stage.Client.GetWorkflowHandle(Id).DescribeAsync();
                    await stage.SendAsync("escalation cancelled", () => stage.Client.GetWorkflowHandle(Names.EscalationId(Id, run.RunId, 1)).CancelAsync());
                });
                Cancel(stage, TimeSpan.FromHours(3));
            },
            contacts: Estate);

        Assert.Empty(Pages(account));
        Assert.Equal("Temporal UI", Ended(account, 1).StoppedBy);
    }

    [Fact]
    public async Task Level_NoChannelTakesIt_IsTriedAgainWithTheSameKeyAndNeverCountsAsTold()
    {
        var account = await PlayAsync(
            stage =>
            {
                stage.World.NotifyWorks = false;
                Cancel(stage, TimeSpan.FromHours(3));
            },
            contacts: [Estate[1]]);
        var state = Run(account);

        // The level's page, and at 29, 63 and 127 minutes the next ones: each tried five times.
        Assert.All(Pages(account).GroupBy(p => p.Key), page => Assert.Equal(5, page.Count()));
        Assert.Equal(2, state.Escalated.Count);
        Assert.DoesNotContain(state.Escalated, t => t.Delivered);
        Assert.Contains(state.Journal, j => j.Event == "escalation.failed" && j.Text.Contains("NOT reached", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Level_ItsChannelComesBack_IsSaidToBeUnreachedAndThenPaged()
    {
        var account = await PlayAsync(
            stage =>
            {
                stage.World.NotifyWorks = false;
                stage.Desk.Plan(TimeSpan.FromMinutes(11.5), () => Task.FromResult(stage.World.NotifyWorks = true));
                Cancel(stage, TimeSpan.FromHours(3));
            },
            contacts: [Estate[1]]);
        var state = Run(account);

        Assert.Equal([(1, "on-call lead", 12)], Told(state));
        Assert.True(state.Escalated[0].Delivered);
        Assert.Equal(["escalation.failed", "escalated"], state.Journal.Where(j => j.Event.StartsWith("escalat", StringComparison.Ordinal)).Select(j => j.Event).Take(2));
        Assert.Single(Pages(account).Where(p => !p.Key.Contains("/again/", StringComparison.Ordinal)).Select(p => p.Key).Distinct());
    }

    [Fact]
    public async Task Contacts_CannotBeRead_ThePlansTableIsUsed()
    {
        var account = await PlayAsync(
            stage =>
            {
                stage.World.Faults.Fail("estate.contacts");
                Cancel(stage, TimeSpan.FromHours(3));
            },
            contacts: Estate);

        Assert.Equal(Ladder.Plan, Ended(account, 1).Source);
        Assert.Equal(3, Run(account).Escalated.Count(t => t.Again == 0));
    }

    [Fact]
    public async Task Run_HistoryIsFull_IsSentNothingMoreAndPeopleArePagedAllTheSame()
    {
        var account = await PlayAsync(
            stage =>
            {
                for (var n = 0; n < 2000; n++)
                {
                    Do(stage, TimeSpan.FromMinutes(1) + TimeSpan.FromMilliseconds(n), Verbs.Note, new() { By = "mallory", Why = "again" });
                }

                Cancel(stage, TimeSpan.FromHours(3));
            },
            contacts: Estate, histories: true);
        var run = account.Runs.Single(r => r.WorkflowId == Id);

        Assert.Contains(run.State!.Journal, j => j.Event == "limits");
        Assert.DoesNotContain(run.History, line => line.EndsWith(" escalated", StringComparison.Ordinal));
        Assert.Equal(5, Pages(account).Count);
        Assert.Equal([(1, "on-call lead", 10), (2, "infrastructure lead", 30)], Told(run.State));
    }

    [Fact]
    public async Task DryRun_HasNoEscalation()
    {
        var account = await PlayAsync(_ => { }, i => i with { Mode = RunMode.DryRun }, Estate);

        Assert.DoesNotContain(account.Runs, r => r.Type is WorkflowTypes.Escalation or WorkflowTypes.Aftermath);
    }

    [Fact]
    public async Task Workers_DieAndTheEngineRestartsEverywhere_EachLevelIsPagedOnce()
    {
        for (var task = 1; task <= 14; task++)
        {
            var plan = new FaultPlan { Seed = task, LoseWorkflowTasks = 0.3, LoseSticky = 0.5, TimeOutActivities = 0.2, LoseActivities = 0.2, RestartAtWorkflowTask = task };
            var account = await PlayAsync(stage => Cancel(stage, TimeSpan.FromHours(3)), contacts: Estate, plan: plan);
            var state = Run(account);

            Assert.Equal(["on-call lead", "infrastructure lead"], state.Escalated.Where(t => t.Again == 0).Select(t => t.Role));
            Assert.Equal(3, state.Escalated[^1].Again);
            Assert.Equal(5, Pages(account).Select(p => p.Key).Distinct().Count());
        }
    }
}
