using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;
using VirtEngine.DR.Tests.Shared;
using static VirtEngine.DR.Embedded.Tests.Conformance.SchedulePlay;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>What a schedule does when an action is due while another runs.</summary>
public static class OverlapScenarios
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Overlap("skip", ScheduleOverlapPolicy.Skip, async (s, schedule, first) =>
        {
            await schedule.TriggerAsync();
            await SeenAsync(schedule, d => d.Info.NumActionsSkippedOverlap == 1);
            await first.SignalAsync("note", ["end"]);
            await s.NoteResultAsync(first);
        }),
        new("schedule.two-triggers-at-once", async s =>
        {
            s.Flow("main", _ => Task.FromResult<object?>("done"));
            s.Work();
            ScheduleHandle schedule = await CreateAsync(s, ScheduleOverlapPolicy.AllowAll, paused: true);
            await Task.WhenAll(schedule.TriggerAsync(), schedule.TriggerAsync());
            await SeenAsync(schedule, d => d.Info.NumActions >= 1);
            ScheduleDescription seen = await schedule.DescribeAsync();
            s.Note("actions", seen.Info.NumActions);
            await s.NoteResultAsync(await ActionAsync(s, schedule, 1));
        }),
        Overlap("buffer-one", ScheduleOverlapPolicy.BufferOne, async (s, schedule, first) =>
        {
            await schedule.TriggerAsync();
            await BufferedAsync(schedule, 1);
            await first.SignalAsync("note", ["end"]);
            await s.NoteResultAsync(first);
            WorkflowHandle second = await ActionAsync(s, schedule, 2);
            await second.SignalAsync("note", ["end"]);
            await s.NoteResultAsync(second, "second");
        }),
        Overlap("buffer-all", ScheduleOverlapPolicy.BufferAll, async (s, schedule, first) =>
        {
            await schedule.TriggerAsync();
            await BufferedAsync(schedule, 1);
            await first.SignalAsync("note", ["end"]);
            await s.NoteResultAsync(first);
            WorkflowHandle next = await ActionAsync(s, schedule, 2);
            await next.SignalAsync("note", ["end"]);
            await s.NoteResultAsync(next, "next");
        }),
        Overlap("cancel-other", ScheduleOverlapPolicy.CancelOther, async (s, schedule, first) =>
        {
            await schedule.TriggerAsync();
            await s.NoteResultAsync(first);
            WorkflowHandle second = await ActionAsync(s, schedule, 2);
            await second.SignalAsync("note", ["end"]);
            await s.NoteResultAsync(second, "second");
            await s.RecordAsync(first);
        }),
        Overlap("terminate-other", ScheduleOverlapPolicy.TerminateOther, async (s, schedule, first) =>
        {
            await schedule.TriggerAsync();
            await s.NoteResultAsync(first);
            WorkflowHandle second = await ActionAsync(s, schedule, 2);
            await second.SignalAsync("note", ["end"]);
            await s.NoteResultAsync(second, "second");
            await s.RecordAsync(first);
        }),
        Overlap("allow-all", ScheduleOverlapPolicy.AllowAll, async (s, schedule, first) =>
        {
            await schedule.TriggerAsync();
            WorkflowHandle second = await ActionAsync(s, schedule, 2);
            await SeenAsync(schedule, d => d.Info.NumActions == 2);
            await second.SignalAsync("note", ["end"]);
            await s.NoteResultAsync(second, "second");
            await first.SignalAsync("note", ["end"]);
            await s.NoteResultAsync(first, "first");
        }),
    ];

    private static Scenario Overlap(string name, ScheduleOverlapPolicy policy, Func<Stage, ScheduleHandle, WorkflowHandle, Task> play) => new("schedule.overlap-" + name, async s =>
    {
        s.Flow("main", async w =>
        {
            await w.ForNotesAsync(1);
            return w.AllNotes();
        });
        s.Work();
        ScheduleHandle schedule = await CreateAsync(s, policy, paused: false);
        await schedule.TriggerAsync();
        WorkflowHandle first = await ActionAsync(s, schedule, 1);
        await s.IdleAsync(first);
        await SeenAsync(schedule, d => d.Info.RunningActions.Count == 1 || policy == ScheduleOverlapPolicy.AllowAll);

        // The time in an action's workflow id is in whole seconds: two in one second would ask for the same id.
        int second = DateTime.UtcNow.Second;
        await Eventually.TrueAsync("the next second", TimeSpan.FromSeconds(5), () => Task.FromResult(DateTime.UtcNow.Second != second));
        await play(s, schedule, first);
        await SeenAsync(schedule, d => d.Info.RunningActions.Count == 0);
        ScheduleDescription seen = await schedule.DescribeAsync();
        s.Note("actions", seen.Info.NumActions);
        s.Note("skipped", seen.Info.NumActionsSkippedOverlap);
        await schedule.DeleteAsync();
    });
}
