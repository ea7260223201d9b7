using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Embedded;
using VirtEngine.DR.Workflows.Incidents;
using Xunit;
using static VirtEngine.DR.Seeds.Tests.EscalationPlay;

namespace VirtEngine.DR.Seeds.Tests;

/// <summary>Who is paged when, and by what it is stopped.</summary>
public sealed class EscalationTests
{
    [Fact]
    public async Task Run_NobodyAcknowledges_PagesEachLevelAtItsTime()
    {
        var account = await PlayAsync(stage => Cancel(stage, TimeSpan.FromHours(3)), contacts: Estate);
        var state = Run(account);

        Assert.Equal([(1, "on-call lead", 10), (2, "infrastructure lead", 30)], Told(state));
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

        Assert.Equal([(1, "on-call lead", 10), (2, "primary on-call", 15), (3, "infrastructure lead", 30)], Told(Run(account)));
        Assert.All(Pages(account), p => Assert.Contains("not in the estate", p.Details["contact"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_NobodyAcknowledgesAD4_PagesTheExecutiveAfterAnHour()
    {
        var account = await PlayAsync(stage => Cancel(stage, TimeSpan.FromHours(3)), i => i with { IncidentClass = "D4" }, Estate);

        Assert.Equal([(1, "infrastructure lead", 30), (2, "executive", 60)], Told(Run(account)));
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
        Assert.Contains("infrastructure lead again at", Pages(account)[1].Details["next"], StringComparison.Ordinal);
        Assert.Contains("infrastructure lead: still not proven healthy 45 min after", Pages(account)[2].Summary, StringComparison.Ordinal);
        Assert.True(page.Practice);
    }

    [Fact]
    public async Task Run_TriggerBeforeItsStart_CountsFromTheTrigger()
    {
        var start = new VirtualTime().GetUtcNow();
        var account = await PlayAsync(
            stage => Cancel(stage, TimeSpan.FromHours(1)), i => i with { TriggeredAt = start - TimeSpan.FromMinutes(20) }, Estate);

        Assert.Equal([(1, "on-call lead", 0), (2, "infrastructure lead", 10)], Told(Run(account)));
        Assert.Contains("after the trigger", Pages(account)[0].Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LastLevel_NobodyAcknowledges_IsPagedAgainAndAgainUntilTheRunEnds()
    {
        var account = await PlayAsync(stage => Cancel(stage, TimeSpan.FromHours(13)), contacts: Estate);
        var state = Run(account);
        var id = Names.EscalationId(Id, account.Runs.Single(r => r.WorkflowId == Id).RunId, 1);

        // 30 min, then 15, 30, 60, 120 and 240 min later, and every four hours from there.
        Assert.Equal([$"{id}/1", $"{id}/2", .. Enumerable.Range(1, 6).Select(n => $"{id}/2/again/{n}")], Pages(account).Select(p => p.Key));
        Assert.Equal(["on-call lead", "infrastructure lead", "infrastructure lead"], state.Escalated.Select(t => t.Role));
        Assert.Equal((6, 735), (state.Escalated[^1].Again, (int)(state.Escalated[^1].At - new VirtualTime().GetUtcNow()).TotalMinutes));
        Assert.Equal(8, state.Journal.Count(j => j.Event == "escalated"));
        Assert.Equal("the run is closed", Ended(account, 1).Ended);
    }

    [Fact]
    public async Task LastLevels_OfOneTime_AreAllPagedAgain()
    {
        var account = await PlayAsync(stage => Cancel(stage, TimeSpan.FromMinutes(40)), contacts: [Estate[1], Estate[1] with { Role = "deputy" }]);

        Assert.Equal(["deputy", "deputy", "on-call lead", "on-call lead"], Pages(account).Select(p => p.Details["role"]).Order());
    }

    [Fact]
    public async Task Acknowledge_AfterTheLastLevelWasPagedAgain_StopsIt()
    {
        var account = await PlayAsync(
            stage =>
            {
                Do(stage, TimeSpan.FromMinutes(50), Verbs.Acknowledge, new() { By = "carol" });
                Cancel(stage, TimeSpan.FromHours(13));
            },
            contacts: Estate);

        Assert.Equal(3, Pages(account).Count);
        Assert.Equal("carol", Ended(account, 1).StoppedBy);
    }

    /// <summary>A history is finite: the escalation hands itself what it knows, and pages on.</summary>
    [Fact]
    public async Task Run_NobodyTouchesForWeeks_IsPagedAboutToTheEnd()
    {
        var account = await PlayAsync(stage => Cancel(stage, TimeSpan.FromDays(55)), contacts: [Estate[1]]);
        var chain = account.Runs.Where(r => r.Type == WorkflowTypes.Escalation).ToArray();

        Assert.True(chain.Length > 1, "its history was never full");
        Assert.Equal("the run is closed", Ended(account, 1).Ended);
        Assert.Equal(Pages(account).Count - 1, Ended(account, 1).Told.Max(t => t.Again));
        Assert.Equal(Pages(account).Count, Pages(account).Select(p => p.Key).Distinct().Count());
        Assert.InRange(Pages(account).Count, 325, 340);
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

        Assert.Equal([(1, "on-call lead", 10)], Told(state));
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

        Assert.Equal([(0, "dave", 40), (1, "on-call lead", 50), (2, "infrastructure lead", 70)], Told(state));
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

        Assert.Equal([(1, "on-call lead", 35), (2, "infrastructure lead", 55)], Told(Run(account)));
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

        Assert.Equal([(1, "on-call lead", 70), (2, "infrastructure lead", 90)], Told(Run(account)));
    }
}
