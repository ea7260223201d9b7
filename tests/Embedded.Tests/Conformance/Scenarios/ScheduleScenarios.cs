using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;
using VirtEngine.DR.Tests.Shared;
using static VirtEngine.DR.Embedded.Tests.Conformance.SchedulePlay;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Schedules: made, described, triggered, paused, changed, deleted; what happens when actions overlap.</summary>
public static class ScheduleScenarios
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("schedule.create-and-describe", async s =>
        {
            ScheduleHandle schedule = await s.Client.CreateScheduleAsync(s.Id("sched"), new(Action(s), new()
            {
                Intervals = [new(Hour, TimeSpan.FromMinutes(5))],
                Jitter = TimeSpan.FromSeconds(3),
            })
            {
                Policy = new() { CatchupWindow = TimeSpan.FromMinutes(10), Overlap = ScheduleOverlapPolicy.BufferOne, PauseOnFailure = true },
                State = new() { Note = "a note", LimitedActions = true, RemainingActions = 5 },
            }, new() { Memo = new Dictionary<string, object> { ["m"] = 1 } });
            s.NoteMessage("description", await WireAsync(schedule));
            await schedule.DeleteAsync();
        }),
        new("schedule.calendars-and-cron", async s =>
        {
            ScheduleHandle schedule = await s.Client.CreateScheduleAsync(s.Id("sched"), new(Action(s), new()
            {
                Calendars = [new() { Hour = [new(2)], Minute = [new(30)], DayOfWeek = [new(1, 5)], Comment = "workdays" }],
                CronExpressions = ["15 3 * * 0", "@daily"],
                Skip = [new() { DayOfMonth = [new(1)], Hour = [new(0, 23)], Minute = [new(0, 59)], Second = [new(0, 59)] }],
                TimeZoneName = "Europe/Berlin",
                StartAt = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc),
                EndAt = new DateTime(2030, 2, 1, 0, 0, 0, DateTimeKind.Utc),
            }));
            ScheduleDescription seen = await schedule.DescribeAsync();
            s.NoteMessage("description", await WireAsync(schedule));
            s.Note("next", string.Join(" ", seen.Info.NextActionTimes.Select(t => t.ToString("MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture))));
            await schedule.DeleteAsync();
        }),
        new("schedule.matching-times", async s =>
        {
            ScheduleHandle schedule = await s.Client.CreateScheduleAsync(s.Id("sched"), new(Action(s), new() { Intervals = [new(TimeSpan.FromMinutes(20))] }));
            var answer = await s.Service.ListScheduleMatchingTimesAsync(new()
            {
                Namespace = "default",
                ScheduleId = schedule.Id,
                StartTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc)),
                EndTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(new(2030, 1, 1, 2, 0, 0, DateTimeKind.Utc)),
            });
            s.Note("times", string.Join(" ", answer.StartTime.Select(t => t.ToDateTime().ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture))));
            await schedule.DeleteAsync();
        }),
        new("schedule.trigger", async s =>
        {
            s.Flow("main", _ => Task.FromResult<object?>("done"));
            s.Work();
            ScheduleHandle schedule = await CreateAsync(s, ScheduleOverlapPolicy.Skip, paused: false);
            await schedule.TriggerAsync();
            WorkflowHandle run = await ActionAsync(s, schedule, 1);
            await s.EndAsync(run);
            await Eventually.TrueAsync("nothing runs", TimeSpan.FromSeconds(20), async () => (await schedule.DescribeAsync()).Info.RunningActions.Count == 0);
            s.NoteMessage("description", await WireAsync(schedule));
            await schedule.DeleteAsync();
        }),
        new("schedule.trigger-immediately-and-paused", async s =>
        {
            s.Flow("main", _ => Task.FromResult<object?>("done"));
            s.Work();
            ScheduleHandle schedule = await s.Client.CreateScheduleAsync(
                s.Id("sched"), new(Action(s), new() { Intervals = [new(Hour)] }) { State = new() { Paused = true, Note = "held" } }, new() { TriggerImmediately = true });
            await s.NoteResultAsync(await ActionAsync(s, schedule, 1));
            s.Note("paused", (await schedule.DescribeAsync()).Schedule.State.Paused);
            await schedule.DeleteAsync();
        }),
        new("schedule.pause-and-go-on", async s =>
        {
            ScheduleHandle schedule = await CreateAsync(s, ScheduleOverlapPolicy.Skip, paused: false);
            await schedule.PauseAsync("for the weekend");
            await SeenAsync(schedule, d => d.Schedule.State.Paused);
            s.NoteMessage("paused", (await WireAsync(schedule)).Schedule.State);
            await schedule.UnpauseAsync("back to work");
            await SeenAsync(schedule, d => !d.Schedule.State.Paused);
            s.NoteMessage("going", (await WireAsync(schedule)).Schedule.State);
            await schedule.DeleteAsync();
        }),
        new("schedule.update", async s =>
        {
            s.Flow("other", _ => Task.FromResult<object?>("changed"));
            s.Work();
            ScheduleHandle schedule = await CreateAsync(s, ScheduleOverlapPolicy.Skip, paused: false);
            await schedule.UpdateAsync(input => new ScheduleUpdate(new(
                ScheduleActionStartWorkflow.Create("other", [1], new(s.Id("other"), s.Queue)), new() { Intervals = [new(TimeSpan.FromHours(2))] })
            { Policy = input.Description.Schedule.Policy, State = new() { Note = "changed" } }));
            await SeenAsync(schedule, d => d.Schedule.State.Note == "changed");
            s.NoteMessage("description", await WireAsync(schedule));
            await schedule.TriggerAsync();
            await s.NoteResultAsync(await ActionAsync(s, schedule, 1));
            await schedule.DeleteAsync();
        }),
        new("schedule.mistakes", async s =>
        {
            ScheduleHandle schedule = await CreateAsync(s, ScheduleOverlapPolicy.Skip, paused: true);
            await s.NoteAsync("create again", () => CreateAsync(s, ScheduleOverlapPolicy.Skip, paused: true));
            ScheduleHandle nobody = s.Client.GetScheduleHandle(s.Id("nobody"));
            await s.NoteAsync("describe nobody", async () => (await nobody.DescribeAsync()).Id);
            await s.NoteAsync("trigger nobody", () => nobody.TriggerAsync());
            await s.NoteAsync("delete nobody", () => nobody.DeleteAsync());
            await s.NoteAsync("bad cron", () => s.Client.CreateScheduleAsync(s.Id("bad"), new(Action(s), new() { CronExpressions = ["at noon"] })));
            await s.NoteAsync("bad zone", () => s.Client.CreateScheduleAsync(s.Id("bad"), new(Action(s), new() { CronExpressions = ["@daily"], TimeZoneName = "Nowhere/City" })));
            await schedule.DeleteAsync();
            await s.NoteAsync("deleted twice", () => schedule.DeleteAsync());
            await s.NoteAsync("describe deleted", async () => (await schedule.DescribeAsync()).Id);
        }),
        new("schedule.interval-fires-and-limits-end-it", async s =>
        {
            s.Flow("main", _ => Task.FromResult<object?>("tick"));
            s.Work();
            ScheduleHandle schedule = await s.Client.CreateScheduleAsync(s.Id("sched"), new(Action(s), new() { Intervals = [new(TimeSpan.FromSeconds(1))] })
            {
                State = new() { LimitedActions = true, RemainingActions = 2 },
            });
            await s.NoteResultAsync(await ActionAsync(s, schedule, 2));
            await SeenAsync(schedule, d => d.Info.NumActions == 2 && d.Info.RunningActions.Count == 0);
            ScheduleDescription seen = await schedule.DescribeAsync();
            s.Note("remaining", seen.Schedule.State.RemainingActions);
            s.Note("actions", seen.Info.NumActions);
            await schedule.DeleteAsync();
        }),
        new("schedule.backfill", async s =>
        {
            s.Flow("main", _ => Task.FromResult<object?>("filled"));
            s.Work();
            ScheduleHandle schedule = await CreateAsync(s, ScheduleOverlapPolicy.Skip, paused: true);
            DateTime day = new(2026, 1, 1, 0, 30, 0, DateTimeKind.Utc);
            await schedule.BackfillAsync([new(day, day.AddHours(3), ScheduleOverlapPolicy.AllowAll)]);
            await SeenAsync(schedule, d => d.Info.NumActions == 3);
            ScheduleDescription seen = await schedule.DescribeAsync();
            s.Note("times", string.Join(" ", seen.Info.RecentActions.Select(a => a.ScheduledAt.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture))));
            await schedule.DeleteAsync();
        }),
        new("schedule.list", async s =>
        {
            ScheduleHandle schedule = await s.Client.CreateScheduleAsync(
                s.Id("sched"), new(Action(s), new() { Intervals = [new(Hour)] }) { State = new() { Paused = true, Note = "listed" } }, new() { Memo = new Dictionary<string, object> { ["m"] = "x" } });
            ScheduleListDescription entry = await ListedAsync(s, schedule.Id);
            s.Note("paused", entry.Schedule!.State.Paused);
            s.Note("note", entry.Schedule!.State.Note);
            s.Note("action", ((ScheduleListActionStartWorkflow)entry.Schedule!.Action).Workflow);
            s.Note("intervals", entry.Schedule!.Spec.Intervals.Count);
            s.Note("memo", entry.Memo.Count);
            await schedule.DeleteAsync();
            await Eventually.TrueAsync("it is gone from the list", TimeSpan.FromSeconds(20), async () =>
            {
                await foreach (ScheduleListDescription other in s.Client.ListSchedulesAsync())
                {
                    if (other.Id == schedule.Id)
                    {
                        return false;
                    }
                }

                return true;
            });
        }),
    ];

    private static Task<ScheduleListDescription> ListedAsync(Stage stage, string id) => Eventually.GetAsync("it is in the list", TimeSpan.FromSeconds(20), async () =>
    {
        await foreach (ScheduleListDescription entry in stage.Client.ListSchedulesAsync())
        {
            if (entry.Id == id && entry.Schedule is not null)
            {
                return entry;
            }
        }

        return null;
    });
}
