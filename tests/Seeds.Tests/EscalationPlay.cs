using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Embedded;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Seeds.Tests.Scenarios;
using VirtEngine.DR.Workflows.Incidents;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Seeds.Tests;

/// <summary>One run that waits at its gate until the script ends it, minute by minute in virtual time.</summary>
internal static class EscalationPlay
{
    /// <summary>The run.</summary>
    public const string Id = "restore";

    private static readonly FaultPlan Calm = new() { Seed = 5 };

    /// <summary>Contacts of an estate.</summary>
    public static IReadOnlyList<ContactSpec> Estate { get; } =
    [
        new("infrastructure lead", "infra@example.net", [], TimeSpan.FromMinutes(30)),
        new("on-call lead", "lead@example.net", ["D1"], TimeSpan.FromMinutes(10)),
        new("executive", "exec@example.net", ["D3", "D4", "D5"], TimeSpan.FromHours(1)),
    ];

    /// <summary>Whom the run says was paged first, and in which minute.</summary>
    public static IReadOnlyList<(int Level, string Role, int Minute)> Told(RunState state)
    {
        var began = new VirtualTime().GetUtcNow();
        return [.. state.Escalated.Where(t => t.Again == 0).Select(t => (t.Level, t.Role, (int)(t.At - began).TotalMinutes))];
    }

    /// <summary>Every page that an escalation sent, repeated ones too.</summary>
    public static IReadOnlyList<Contracts.Notify.Notification> Pages(Account account) =>
        [.. account.World.Notifications.Where(n => n.Key.StartsWith("escalation/", StringComparison.Ordinal))];

    /// <summary>The run at its end.</summary>
    public static RunState Run(Account account) => account.Runs.Single(r => r.WorkflowId == Id).State!;

    /// <summary>One of its clocks at its end.</summary>
    public static EscalationState Ended(Account account, int clock) =>
        account.Runs.Where(r => r.Type == WorkflowTypes.Escalation).Select(r => r.ResultAs<EscalationState>()).Single(e => e?.Clock == clock)!;

    /// <summary>Aborts the run, and a minute later confirms its unwinding plan where there is one.</summary>
    public static void Cancel(Stage stage, TimeSpan after)
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

    /// <summary>Sends a verb.</summary>
    public static void Do(Stage stage, TimeSpan after, string verb, VerbMessage message) =>
        stage.Desk.Plan(after, () => stage.SendAsync(verb, () => stage.Client.GetWorkflowHandle(Id).SignalAsync(verb, [message])));

    /// <summary>Approves the open gate.</summary>
    public static void Approve(Stage stage, TimeSpan after) => stage.Desk.Plan(after, async () =>
    {
        var gate = (await stage.LookAsync(Id)).State!.Gates.Single(g => g.Open);
        await stage.SendAsync("approves", () => stage.Client.GetWorkflowHandle(Id).SignalAsync(
            Verbs.Approve, [new VerbMessage { By = "bob", Gate = gate.Name, Digest = gate.Digest }]));
    });

    /// <summary>Plays a script.</summary>
    public static Task<Account> PlayAsync(
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
