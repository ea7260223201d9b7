using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Replay.Tests;

/// <summary>Escalations and aftermaths.</summary>
public sealed partial class RecordTests
{
    [Fact(Explicit = true)]
    public async Task Record_AnIncident_ItsEscalationsAndItsAftermath()
    {
        await using var harness = Harness.Start(server);
        harness.World.Contacts = [new("security", "security@example.net", ["D4"], null), new("lead", "lead@example.net", [], TimeSpan.FromHours(1))];
        harness.World.Faults.Fail("restore.stage");
        var run = await harness.RestoreAsync(i => i with { IncidentClass = "D4" });
        await run.WhenAsync(s => s.Escalated.Count == 1);
        await run.DoAsync(Verbs.Acknowledge, new() { By = "carol" });
        await run.ApproveAsync();
        await run.WhenAsync(s => s.Phase == RunPhase.Parked && s.Escalated.Count == 2);
        await run.DoAsync(Verbs.HandOver, new() { By = "carol", To = "dave" });
        await run.WhenAsync(s => s.Escalated.Count == 4);
        await run.DoAsync(Verbs.Retry);
        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);
        var first = (await run.Handle.DescribeAsync()).RunId;
        var aftermath = harness.Client.GetWorkflowHandle(Names.AftermathId(run.Id, first));
        await aftermath.CancelAsync();
        await aftermath.ExecuteUpdateAsync<DoneReply>(AftermathVerbs.Done, [new DoneMessage { By = "bob", Task = "post-mortem", Where = "https://wiki.example/pm" }]);
        await aftermath.SignalAsync(AftermathVerbs.Done, [new DoneMessage { By = "bob", Where = "https://wiki.example/rc" }]);
        await aftermath.GetResultAsync();

        await SaveAsync(run.Handle, WorkflowTypes.BackupRestore, "incident");
        await SaveAsync(harness.Client.GetWorkflowHandle(Names.EscalationId(run.Id, first, 1)), WorkflowTypes.Escalation, "acknowledged");
        await SaveAsync(harness.Client.GetWorkflowHandle(Names.EscalationId(run.Id, first, 3)), WorkflowTypes.Escalation, "handed-over");
        await SaveAsync(aftermath, WorkflowTypes.Aftermath, "done");
    }

    [Fact(Explicit = true)]
    public async Task Record_AnEscalationThatNobodyHears_AndAnAftermathThatIsReminded()
    {
        await using var harness = Harness.Start(server, node: false);
        harness.World.Contacts = [new("lead", "lead@example.net", [], TimeSpan.FromSeconds(1)), new("executive", "exec@example.net", [], TimeSpan.FromSeconds(2))];
        var incident = new IncidentRun("run", "12345678", "RB-DR-001", "node/n", "D1", "alice", Practice: true);
        var channels = new[] { new ChannelSpec("ops", "webhook", "http://127.0.0.1:3", []) };
        var run = await harness.ToyAsync();
        var live = incident with { WorkflowId = run.Id, FirstRunId = (await run.Handle.DescribeAsync()).RunId };
        var escalation = await harness.StartAsync(
            WorkflowTypes.Escalation, new EscalationInput { Run = live, Clock = 1, Since = DateTimeOffset.UtcNow, Why = "the run began", PageEvery = TimeSpan.FromSeconds(1), LongestPageEvery = TimeSpan.FromSeconds(1), Channels = channels });
        await Eventually.GetAsync(() => escalation.QueryAsync<EscalationState>(Verbs.State, []), s => s.Told.Any(t => t.Again == 2));
        await escalation.SignalAsync(EscalationVerbs.Over, ["proven healthy"]);
        Assert.Equal(3, (await escalation.GetResultAsync<EscalationState>()).Told.Count);
        var now = DateTimeOffset.UtcNow;
        var task = new AftermathTask { Id = "root-cause", Title = "Root cause analysis", Within = TimeSpan.FromSeconds(2), DueAt = now.AddSeconds(2), Owner = "alice", Source = "plan" };
        var aftermath = await harness.StartAsync(
            WorkflowTypes.Aftermath, new AftermathInput { Run = incident, Outcome = "Succeeded", ClosedAt = now, Tasks = [task], Channels = channels });
        await Eventually.GetAsync(() => aftermath.QueryAsync<AftermathState>(Verbs.State, []), s => s.Tasks[0].Reminded == 2);
        await aftermath.SignalAsync(AftermathVerbs.Done, [new DoneMessage { By = "bob", Where = "late" }]);
        Assert.True((await aftermath.GetResultAsync<AftermathState>()).Tasks[0].Done!.Late);

        await SaveAsync(escalation, WorkflowTypes.Escalation, "unheard");
        await SaveAsync(aftermath, WorkflowTypes.Aftermath, "reminded");
    }
}
