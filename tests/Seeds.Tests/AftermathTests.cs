using Temporalio.Api.Enums.V1;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Contracts.Notify;
using VirtEngine.DR.Embedded;
using VirtEngine.DR.Seeds.Tests.Lab;
using VirtEngine.DR.Seeds.Tests.Scenarios;
using VirtEngine.DR.Tests.Kit;
using VirtEngine.DR.Workflows.Incidents;
using Xunit;

namespace VirtEngine.DR.Seeds.Tests;

/// <summary>Deadlines and reminders, hour by hour in virtual time.</summary>
public sealed class AftermathTests
{
    private const string Id = "aftermath/run/12345678";
    private static readonly FaultPlan Calm = new() { Seed = 5 };
    private static readonly DateTimeOffset Began = new VirtualTime().GetUtcNow();

    [Fact]
    public async Task RootCause_NobodyDoesIt_IsCalledOutAtHalfTimeADayBeforeAtTheDeadlineAndDailyForTwoWeeks()
    {
        var account = await PlayAsync(_ => { });
        var run = account.Runs.Single(r => r.WorkflowId == Id);

        int[] expected = [0, 36, 48, .. Enumerable.Range(0, 15).Select(day => 72 + (24 * day))];
        Assert.Equal(expected, Hours(account, "root-cause", andHandedOver: true));
        Assert.Equal(WorkflowExecutionStatus.Running, run.Status);
        Assert.True(account.Over);
        Assert.Contains("last reminder", account.World.Notifications.Last().Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("D3", "post-mortem 48")]
    [InlineData("D4", "post-mortem 48, root-cause 72")]
    [InlineData("D5", "incident-report 24, post-mortem 48")]
    [InlineData("D1", "")]
    [InlineData("D2", "")]
    public void Table_ByClass_IsThePlans(string incidentClass, string expected) =>
        Assert.Equal(expected, string.Join(", ", AftermathTable.For("RB-DR-006", incidentClass, Began, "alice").Select(t => $"{t.Id} {(t.DueAt - Began).TotalHours}")));

    [Fact]
    public void Table_DataCorruption_OwesItsRootCauseWhateverTheClass() =>
        Assert.Equal("root-cause", Assert.Single(AftermathTable.For("RB-DR-004", "D2", Began, "alice")).Id);

    [Fact]
    public async Task Reminders_SayWhoOwesWhatUntilWhenAndHowToEndThem()
    {
        var account = await PlayAsync(_ => { });
        var pages = account.World.Notifications.ToArray();

        Assert.Equal(
            $"RB-DR-004 node/n: closed (Succeeded: done and proven.). Owed now: Post-mortem by {Began.AddHours(48):u}, Root cause analysis by {Began.AddHours(72):u}",
            pages[0].Summary);
        var half = pages.Single(p => p.Key == Id + "/root-cause/1");
        Assert.Equal(("info", false), (half.Severity, half.Practice));
        Assert.Contains("Root cause analysis is due in 36 h", half.Summary, StringComparison.Ordinal);
        Assert.Contains("owed by alice", half.Summary, StringComparison.Ordinal);
        Assert.Equal("virtengine-dr incidents done run --task root-cause --where LINK --by NAME", half.Details["done root-cause"]);
        Assert.Equal("warning", pages.Single(p => p.Key == Id + "/root-cause/2").Severity);
        Assert.Contains("is due now", pages.Single(p => p.Key == Id + "/root-cause/3").Summary, StringComparison.Ordinal);
        Assert.Contains("OVERDUE by 24 h", pages.Single(p => p.Key == Id + "/root-cause/4").Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Done_InTimeAndLate_EndsItAndKeepsWhoDidWhat()
    {
        var account = await PlayAsync(stage =>
        {
            Done(stage, TimeSpan.FromHours(40), new() { By = "bob", Task = "post-mortem", Where = "https://wiki.example/pm", Note = "long" });
            Done(stage, TimeSpan.FromHours(100), new() { By = "carol", Task = "root-cause", Where = "OPS-7" });
        });
        var state = account.Runs.Single(r => r.WorkflowId == Id).ResultAs<AftermathState>()!;

        Assert.Equal(("bob", "https://wiki.example/pm", false), Said(state, "post-mortem"));
        Assert.Equal(("carol", "OPS-7", true), Said(state, "root-cause"));
        Assert.Equal([24], Hours(account, "post-mortem"));
        Assert.Equal([36, 48, 72, 96], Hours(account, "root-cause"));
        Assert.Equal(state.Tasks, Assert.Single(account.World.Aftermaths).Tasks);
        Assert.Contains(state.Journal, j => j.Text.Contains("28 h after its deadline", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Done_TwiceAndWithMistakes_TheFirstCountsAndEachMistakeIsNamed()
    {
        var account = await PlayAsync(stage =>
        {
            Done(stage, TimeSpan.FromHours(1), new() { Task = "rootcause" });
            Done(stage, TimeSpan.FromHours(2), new() { By = "bob", Where = "x" });
            Done(stage, TimeSpan.FromHours(3), new() { By = "bob", Task = "root-cause", Where = "first", Id = "m1" });
            Done(stage, TimeSpan.FromHours(4), new() { By = "bob", Task = "root-cause", Where = "second", Id = "m1" });
            Done(stage, TimeSpan.FromHours(5), new() { By = "carol", Task = "root-cause", Where = "third", Id = "m2" });
            Done(stage, TimeSpan.FromHours(6), new() { By = "dave", Where = "only one is open" });
        });
        var state = account.Runs.Single(r => r.WorkflowId == Id).ResultAs<AftermathState>()!;

        Assert.Equal(("bob", "first", false), Said(state, "root-cause"));
        Assert.Equal(("dave", "only one is open", false), Said(state, "post-mortem"));
        var refused = state.Journal.Where(j => j.Event == "done.refused").Select(j => j.Text).ToArray();
        Assert.Equal(
            [
                "Say who you are (by). Say where it can be read (where): a link or a place. There is no task rootcause (task); there is: post-mortem, root-cause.",
                "Name the task (task): post-mortem, root-cause.",
            ],
            refused[..2]);
        Assert.StartsWith("Root cause analysis was done by bob", Assert.Single(refused[2..]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_FromTheUi_EndsNothingAndSaysSo()
    {
        var account = await PlayAsync(stage => stage.Desk.Plan(
            TimeSpan.FromHours(10), () => stage.SendAsync("cancelled", () => stage.Client.GetWorkflowHandle(Id).CancelAsync())));

        Assert.Equal(WorkflowExecutionStatus.Running, account.Runs.Single(r => r.WorkflowId == Id).Status);
        Assert.Contains(account.World.Notifications, n => n.Key == Id + "/cancel-refused");
        Assert.Equal(17, Hours(account, "root-cause").Count);
    }

    [Fact]
    public async Task Workers_DieAndTheEngineRestartsEverywhere_EachReminderIsOneAndDoneCounts()
    {
        for (var task = 1; task <= 12; task++)
        {
            var plan = new FaultPlan { Seed = task, LoseWorkflowTasks = 0.3, LoseSticky = 0.5, TimeOutActivities = 0.2, LoseActivities = 0.2, RestartAtWorkflowTask = task };
            var account = await PlayAsync(
                stage =>
                {
                    Done(stage, TimeSpan.FromHours(40), new() { By = "bob", Task = "post-mortem", Where = "x" });
                    Done(stage, TimeSpan.FromHours(100), new() { By = "carol", Task = "root-cause", Where = "y" });
                },
                plan);

            Assert.Equal(
                ["/handed-over", "/post-mortem/1", "/root-cause/1", "/root-cause/2", "/root-cause/3", "/root-cause/4"],
                account.World.Notifications.Select(n => n.Key[Id.Length..]).Distinct().Order(StringComparer.Ordinal));
            Assert.Equal(WorkflowExecutionStatus.Completed, account.Runs.Single(r => r.WorkflowId == Id).Status);
        }
    }

    [Fact]
    public async Task History_GrowsLong_ContinuesAsNewWithWhatWasSaid()
    {
        var account = await PlayAsync(stage =>
        {
            Done(stage, TimeSpan.FromHours(1), new() { By = "bob", Task = "post-mortem", Where = "x" });
            for (var n = 0; n < 1500; n++)
            {
                Done(stage, TimeSpan.FromHours(2) + TimeSpan.FromSeconds(n), new() { By = "mallory", Task = "nothing", Where = "y" });
            }

            Done(stage, TimeSpan.FromHours(50), new() { By = "carol", Task = "root-cause", Where = "z" });
        });
        var runs = account.Runs.Where(r => r.WorkflowId == Id).ToArray();

        Assert.Contains(runs, r => r.Status == WorkflowExecutionStatus.ContinuedAsNew);
        var state = runs.Single(r => r.Status == WorkflowExecutionStatus.Completed).ResultAs<AftermathState>()!;
        Assert.Equal(("bob", "x", false), Said(state, "post-mortem"));
        Assert.Equal([36, 48], Hours(account, "root-cause"));
        Assert.Single(account.World.Notifications, n => n.Key == Id + "/handed-over");
        Assert.Equal(200, state.Journal.Count);
    }

    private static (string By, string Where, bool Late) Said(AftermathState state, string task)
    {
        var done = state.Tasks.Single(t => t.Id == task).Done!;
        return (done.By, done.Where, done.Late);
    }

    private static IReadOnlyList<int> Hours(Account account, string task, bool andHandedOver = false) =>
        [.. account.World.Notifications.Zip(account.PagedAt).Where(n => Is(n.First, task, andHandedOver)).Select(n => (int)Math.Round((n.Second - Began).TotalHours))];

    private static bool Is(Notification page, string task, bool andHandedOver) =>
        page.Key.StartsWith($"{Id}/{task}/", StringComparison.Ordinal) || (andHandedOver && page.Key == Id + "/handed-over");

    private static void Done(Stage stage, TimeSpan after, DoneMessage message) =>
        stage.Desk.Plan(after, () => stage.SendAsync($"done {message.Task}", () => stage.Client.GetWorkflowHandle(Id).SignalAsync(AftermathVerbs.Done, [message])));

    private static Task<Account> PlayAsync(Action<Stage> script, FaultPlan? plan = null) => Stage.PlayAsync(
        new Scenario
        {
            Name = "aftermath",
            Workflows = [typeof(AftermathWorkflow)],
            LongestActivity = TimeSpan.Zero,
            Begin = async stage =>
            {
                await stage.StartAsync(
                    WorkflowTypes.Aftermath,
                    new AftermathInput
                    {
                        Run = new("run", "12345678-0000", "RB-DR-004", "node/n", "D4", "alice", Practice: false),
                        Outcome = "Succeeded: done and proven.",
                        ClosedAt = Began,
                        Evidence = "evidence/run/bundle.json",
                        Tasks = AftermathTable.For("RB-DR-004", "D4", Began, "alice"),
                        Channels = [new ChannelSpec("ops", "webhook", "http://127.0.0.1:3", [])],
                    },
                    Id);
                script(stage);
            },
            Check = CommonRules.Check,
        },
        5, plan ?? Calm);
}
