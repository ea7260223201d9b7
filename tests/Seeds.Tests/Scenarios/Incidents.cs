using Temporalio.Api.Enums.V1;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Incidents;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Seeds.Tests.Scenarios;

/// <summary>A whole incident: a run of which people hear late, acknowledge, hand over and forget, and what they owe after it.</summary>
public static class Incidents
{
    private const string Id = "incident";
    private static readonly string[] Tasks = ["post-mortem", "root-cause"];

    /// <summary>Data corruption (D4), cured by a restore.</summary>
    public static Scenario Corruption { get; } = new()
    {
        Name = "incident",
        Workflows = [typeof(BackupRestoreWorkflow), typeof(EscalationWorkflow), typeof(AftermathWorkflow)],
        Prepare = Prepare,
        Begin = BeginAsync,
        Check = account => [.. RestoreRules.Check(account), .. Ended(account)],
    };

    private static void Prepare(World world, Dice dice)
    {
        world.Healthy = dice.Happens(0.6, "world/healthy");
        world.NotifyWorks = !dice.Happens(0.15, "world/mute");
        world.Contacts = dice.Happens(0.3, "world/no-contacts") ? [] :
        [
            new("security", "security@example.net", ["D4", "D5"], dice.Happens(0.5, "world/at-once") ? null : TimeSpan.FromMinutes(5)),
            new("on-call lead", "lead@example.net", [], dice.Time(TimeSpan.FromMinutes(20), "world/lead")),
            new("executive", "exec@example.net", ["D4"], TimeSpan.FromHours(1)),
        ];
        world.Watch = new() { Period = dice.One("world/watch", TimeSpan.Zero, TimeSpan.FromHours(2)) };
        world.RelapseAt = dice.Happens(0.2, "world/relapse") ? world.Time.GetUtcNow() + dice.Time(TimeSpan.FromHours(2), "world/relapse-at") : null;
        Some.Faults(world, dice, ["estate.contacts", "incident.run-open", "incident.keep", "restore.stage", "chain.await-healthy", "notify.send", "evidence.write"]);
    }

    private static async Task BeginAsync(Stage stage)
    {
        var die = stage.Dice;
        await stage.StartAsync(
            WorkflowTypes.BackupRestore,
            new BackupRestoreInput { Node = stage.World.Node, Mode = RunMode.Practice, Operator = "alice", Reason = "corrupted", IncidentClass = "D4" }, Id);
        var one = RunOperator.LookAfter(stage, Id, die.Below(3, "operator/wild"));
        for (var n = 0; n < die.Below(4, "words"); n++)
        {
            var what = $"word/{n}";
            stage.Desk.Plan(die.Time(TimeSpan.FromHours(2), what + "/at"), () => one.DoAsync(
                die.Happens(0.6, what) ? Verbs.Acknowledge : Verbs.HandOver, new() { By = "carol", To = "dave" }));
        }

        if (die.Happens(0.2, "escalation/cancel"))
        {
            stage.Desk.Plan(die.Time(TimeSpan.FromHours(1), "escalation/cancel/at"), () => OnAsync(stage, first => Names.EscalationId(Id, first, 1), h => h.CancelAsync()));
        }

        if (die.Happens(0.3, "aftermath/cancel"))
        {
            stage.Desk.Plan(TimeSpan.FromDays(1) + die.Time(TimeSpan.FromDays(9), "aftermath/cancel/at"), () => OnAftermathAsync(stage, h => h.CancelAsync()));
        }

        foreach (var task in Tasks.Where(t => !Forgets(die, t)))
        {
            // Days later, sometimes twice, by a signal or an update.
            for (var n = 0; n < 1 + die.Below(2, task + "/times"); n++)
            {
                var message = new DoneMessage { By = n == 0 ? "bob" : "erin", Task = task, Where = $"{task} {n}", Id = $"{task}/{n}" };
                var signal = die.Happens(0.5, $"{task}/{n}/signal");
                stage.Desk.Plan(TimeSpan.FromDays(12) + die.Time(TimeSpan.FromDays(15), $"{task}/{n}/at"), () => OnAftermathAsync(
                    stage, h => signal ? h.SignalAsync(AftermathVerbs.Done, [message]) : h.ExecuteUpdateAsync<DoneReply>(AftermathVerbs.Done, [message], new() { Id = message.Id })));
            }
        }
    }

    private static bool Forgets(Dice dice, string task) => dice.Happens(0.15, task + "/forgotten");

    private static Task OnAftermathAsync(Stage stage, Func<Temporalio.Client.WorkflowHandle, Task> act) => OnAsync(stage, first => Names.AftermathId(Id, first), act);

    private static async Task OnAsync(Stage stage, Func<string, string> id, Func<Temporalio.Client.WorkflowHandle, Task> act)
    {
        try
        {
            var handle = stage.Client.GetWorkflowHandle(id((await stage.Client.GetWorkflowHandle(Id).DescribeAsync()).RunId));
            await stage.SendAsync("to " + handle.Id, () => act(handle));
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            // A start that comes late.
        }
    }

    /// <summary>It ends when everything is done, whatever was cancelled, and the first word about a task counts.</summary>
    private static IEnumerable<string> Ended(Account account)
    {
        var dice = new Dice(account.Seed);
        foreach (var run in account.Runs.Where(r => r.Type == WorkflowTypes.Aftermath))
        {
            var closed = account.Runs.Single(r => r.WorkflowId == Id).ClosedAt;
            var forgotten = Tasks.Any(t => Forgets(dice, t));
            if (run.Status == WorkflowExecutionStatus.Completed && forgotten)
            {
                yield return $"{run.WorkflowId} ended, and somebody forgot his part";
            }

            // The run itself may have gone on for weeks, until people put right what was broken.
            if (run.Status == WorkflowExecutionStatus.Running && !forgotten && closed < account.World.Time.GetUtcNow().UtcDateTime - TimeSpan.FromDays(45))
            {
                yield return $"{run.WorkflowId} goes on although everybody did his part";
            }

            if (run.ResultAs<AftermathState>() is { } state && state.Tasks.Any(t => t.Done is null))
            {
                yield return $"{run.WorkflowId} ended with something open";
            }
        }

        foreach (var key in account.World.Notifications.Select(n => n.Key).Where(k => k.StartsWith("aftermath/", StringComparison.Ordinal)).GroupBy(k => k[..k.LastIndexOf('/')]).Where(g => g.Distinct().Count() > Reminders.OverdueDays + 3))
        {
            yield return $"{key.Key} was called out {key.Distinct().Count()} times";
        }
    }
}
