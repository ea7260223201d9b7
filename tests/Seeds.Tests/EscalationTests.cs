using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Embedded;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Seeds.Tests.Scenarios;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Incidents;
using VirtEngine.DR.Workflows.Runbooks;
using Xunit;

namespace VirtEngine.DR.Seeds.Tests;

/// <summary>Who is paged when, minute by minute in virtual time. The run waits at its gate until the script ends it.</summary>
public sealed class EscalationTests
{
    private const string Id = "restore";
    private static readonly FaultPlan Calm = new() { Seed = 5 };

    private static readonly ContactSpec[] Estate =
    [
        new("infrastructure lead", "infra@example.net", [], TimeSpan.FromMinutes(30)),
        new("on-call lead", "lead@example.net", ["D1"], TimeSpan.FromMinutes(10)),
        new("executive", "exec@example.net", ["D3", "D4", "D5"], TimeSpan.FromHours(1)),
    ];

    [Fact]
    public async Task Run_NobodyAcknowledges_PagesEachLevelAtItsTime()
    {
        var account = await PlayAsync(stage => Cancel(stage, TimeSpan.FromHours(3)), contacts: Estate);
        var state = Run(account);

        Assert.Equal([(1, "on-call lead", 10), (2, "infrastructure lead", 30)], Told(account, state));
        Assert.All(state.Escalated, t => Assert.Contains(state.Journal, j => j.Event == "escalated" && j.Text.Contains(t.Contact!, StringComparison.Ordinal)));
        Assert.Equal(state.Escalated, account.World.Evidence.Single().Escalated);
        Assert.All(account.Runs.Where(r => r.Type == WorkflowTypes.Escalation), r => Assert.Equal("Completed", r.Status.ToString()));
    }

    [Theory]
    [InlineData("D1", "on-call lead 10, primary on-call 15, infrastructure lead 30")]
    [InlineData("D2", "primary on-call 15, infrastructure lead 30")]
    [InlineData("D3", "primary on-call 15, infrastructure lead 30, executive 60")]
    [InlineData("D5", "security team 0, primary on-call 15, infrastructure lead 30, executive 60")]
    public void Ladder_EstateWithoutContacts_FollowsThePlansTable(string incidentClass, string expected)
    {
        var ladder = Ladder.Of(incidentClass, []);

        Assert.Equal(expected, string.Join(", ", ladder.Levels.Select(l => $"{l.Role} {l.After.TotalMinutes}")));
        Assert.Equal(Ladder.Plan, ladder.Source);
    }

    [Fact]
    public async Task Run_EstateWithoutContacts_PagesTheRolesOfThePlan()
    {
        var account = await PlayAsync(stage => Cancel(stage, TimeSpan.FromHours(3)));

        Assert.Equal([(1, "on-call lead", 10), (2, "primary on-call", 15), (3, "infrastructure lead", 30)], Told(account, Run(account)));
        Assert.All(Pages(account), p => Assert.Contains("not in the estate", p.Details["contact"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_NobodyAcknowledgesAD4_PagesTheExecutiveAfterAnHour()
    {
        var account = await PlayAsync(stage => Cancel(stage, TimeSpan.FromHours(3)), i => i with { IncidentClass = "D4" }, Estate);

        Assert.Equal([(1, "infrastructure lead", 30), (2, "executive", 60)], Told(account, Run(account)));
    }

    [Fact]
    public async Task Page_OfALevel_SaysWhoWhyWhoIsNextAndHowToStopIt()
    {
        var account = await PlayAsync(stage => Cancel(stage, TimeSpan.FromHours(3)), contacts: Estate);
        var page = Pages(account)[0];

        Assert.Equal("critical", page.Severity);
        Assert.Equal("[practice] RB-DR-006 node/node-0: on-call lead: not proven healthy 10 min after the run began, and nobody has acknowledged", page.Summary);
        Assert.Equal("lead@example.net", page.Details["contact"]);
        Assert.Equal("virtengine-dr acknowledge restore --by NAME", page.Details["acknowledge"]);
        Assert.Contains("infrastructure lead at", page.Details["next"], StringComparison.Ordinal);
        Assert.Contains("last level", Pages(account)[1].Details["next"], StringComparison.Ordinal);
        Assert.True(page.Practice);
    }

    [Fact]
    public async Task Run_TriggerBeforeItsStart_CountsFromTheTrigger()
    {
        var start = new VirtualTime().GetUtcNow();
        var account = await PlayAsync(
            stage => Cancel(stage, TimeSpan.FromHours(1)), i => i with { TriggeredAt = start - TimeSpan.FromMinutes(20) }, Estate);

        Assert.Equal([(1, "on-call lead", 0), (2, "infrastructure lead", 10)], Told(account, Run(account)));
        Assert.Contains("after the trigger", Pages(account)[0].Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acknowledge_BetweenTwoLevels_StopsIt()
    {
        var account = await PlayAsync(
            stage =>
            {
                Do(stage, TimeSpan.FromMinutes(20), Verbs.Acknowledge, new() { By = "carol" });
                Cancel(stage, TimeSpan.FromHours(3));
            },
            contacts: Estate);
        var state = Run(account);

        Assert.Equal([(1, "on-call lead", 10)], Told(account, state));
        Assert.Equal("carol", state.AcknowledgedBy);
        Assert.Equal("carol", Ended(account, 1).StoppedBy);
    }

    [Fact]
    public async Task HandOver_AfterAnAcknowledgement_TellsThatPersonAtOnceAndBeginsAnew()
    {
        var account = await PlayAsync(
            stage =>
            {
                Do(stage, TimeSpan.FromMinutes(5), Verbs.Acknowledge, new() { By = "carol" });
                Do(stage, TimeSpan.FromMinutes(40), Verbs.HandOver, new() { By = "carol", To = "dave" });
                Cancel(stage, TimeSpan.FromHours(3));
            },
            contacts: Estate);
        var state = Run(account);

        Assert.Equal([(0, "dave", 40), (1, "on-call lead", 50), (2, "infrastructure lead", 70)], Told(account, state));
        Assert.Contains("dave has this run now", Pages(account)[0].Summary, StringComparison.Ordinal);
        Assert.Equal("dave", Pages(account)[1].Details["operator"]);
    }

    [Fact]
    public async Task Park_AfterAnAcknowledgementOfSomethingElse_BeginsAnew()
    {
        var account = await PlayAsync(
            stage =>
            {
                stage.World.Faults.Fail("restore.stage");
                Do(stage, TimeSpan.FromMinutes(5), Verbs.Acknowledge, new() { By = "carol" });
                Approve(stage, TimeSpan.FromMinutes(25));
                Cancel(stage, TimeSpan.FromHours(3));
            },
            contacts: Estate);

        Assert.Equal([(1, "on-call lead", 35), (2, "infrastructure lead", 55)], Told(account, Run(account)));
        Assert.Contains("after it parked", Pages(account)[0].Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ProvenHealthyInTime_PagesNobody()
    {
        var account = await PlayAsync(stage => Approve(stage, TimeSpan.FromMinutes(3)), contacts: Estate);

        Assert.Equal(RunOutcome.Succeeded, Run(account).Outcome);
        Assert.Empty(Pages(account));
        Assert.Equal("proven healthy", Ended(account, 1).Ended);
    }

    [Fact]
    public async Task Run_Relapses_CountsFromTheRelapse()
    {
        var account = await PlayAsync(
            stage =>
            {
                stage.World.Watch = new() { Period = TimeSpan.FromHours(4) };
                stage.World.RelapseAt = stage.Time.GetUtcNow() + TimeSpan.FromMinutes(60);
                Approve(stage, TimeSpan.FromMinutes(3));
                Cancel(stage, TimeSpan.FromHours(6));
            },
            contacts: Estate);

        Assert.Equal([(1, "on-call lead", 70), (2, "infrastructure lead", 90)], Told(account, Run(account)));
    }

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

        Assert.Equal(5, Pages(account).Count);
        Assert.Single(Pages(account).Select(p => p.Key).Distinct());
        Assert.False(Assert.Single(state.Escalated).Delivered);
        Assert.Contains(state.Journal, j => j.Event == "escalation.failed" && j.Text.Contains("NOT reached", StringComparison.Ordinal));
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
        Assert.Equal(3, Run(account).Escalated.Count);
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
        Assert.Equal(2, Pages(account).Count);
        Assert.Equal([(1, "on-call lead", 10), (2, "infrastructure lead", 30)], Told(account, run.State));
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

            Assert.Equal(["on-call lead", "infrastructure lead"], state.Escalated.Select(t => t.Role));
            Assert.Equal(2, Pages(account).Select(p => p.Key).Distinct().Count());
        }
    }

    private static IReadOnlyList<(int Level, string Role, int Minute)> Told(Account account, RunState state)
    {
        var began = new VirtualTime().GetUtcNow();
        Assert.NotNull(account);
        return [.. state.Escalated.Select(t => (t.Level, t.Role, (int)(t.At - began).TotalMinutes))];
    }

    private static IReadOnlyList<Contracts.Notify.Notification> Pages(Account account) =>
        [.. account.World.Notifications.Where(n => n.Key.StartsWith("escalation/", StringComparison.Ordinal))];

    private static RunState Run(Account account) => account.Runs.Single(r => r.WorkflowId == Id).State!;

    private static EscalationState Ended(Account account, int clock) =>
        account.Runs.Where(r => r.Type == WorkflowTypes.Escalation).Select(r => r.ResultAs<EscalationState>()!).Single(e => e.Clock == clock);

    /// <summary>Aborts the run, and a minute later confirms its unwinding plan where there is one.</summary>
    private static void Cancel(Stage stage, TimeSpan after)
    {
        Do(stage, after, Verbs.Abort, new() { By = "bob" });
        stage.Desk.Plan(after + TimeSpan.FromMinutes(1), async () =>
        {
            if ((await stage.LookAsync(Id)).State?.Unwinding is { } plan)
            {
                await stage.SendAsync("confirms", () => stage.Client.GetWorkflowHandle(Id).SignalAsync(Verbs.Abort, [new VerbMessage { By = "bob", Digest = plan.Digest }]));
            }
        });
    }

    private static void Do(Stage stage, TimeSpan after, string verb, VerbMessage message) =>
        stage.Desk.Plan(after, () => stage.SendAsync(verb, () => stage.Client.GetWorkflowHandle(Id).SignalAsync(verb, [message])));

    private static void Approve(Stage stage, TimeSpan after) => stage.Desk.Plan(after, async () =>
    {
        var gate = (await stage.LookAsync(Id)).State!.Gates.Single(g => g.Open);
        await stage.SendAsync("approves", () => stage.Client.GetWorkflowHandle(Id).SignalAsync(
            Verbs.Approve, [new VerbMessage { By = "bob", Gate = gate.Name, Digest = gate.Digest }]));
    });

    private static Task<Account> PlayAsync(
        Action<Stage> script, Func<BackupRestoreInput, BackupRestoreInput>? change = null, IReadOnlyList<ContactSpec>? contacts = null, FaultPlan? plan = null,
        bool histories = false)
    {
        var input = new BackupRestoreInput { Node = "node-0", Mode = RunMode.Practice, Operator = "alice" };
        return Stage.PlayAsync(
            new Scenario
            {
                Name = "escalation",
                Workflows = [typeof(BackupRestoreWorkflow), typeof(EscalationWorkflow)],
                LongestActivity = TimeSpan.Zero,
                Prepare = (world, _) => world.Contacts = contacts ?? [],
                Begin = async stage =>
                {
                    await stage.StartAsync(WorkflowTypes.BackupRestore, change?.Invoke(input) ?? input, Id);
                    script(stage);
                },
                Check = CommonRules.Check,
            },
            5, plan ?? Calm, histories);
    }
}
