using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Workflows;
using static VirtEngine.DR.Embedded.Tests.Conformance.ResetPlay;
using ParentClosePolicy = Temporalio.Workflows.ParentClosePolicy;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Resets while something is under way: activities, timers, children, a task, a request to cancel, the next run of a chain.</summary>
public static class ResetStateScenarios
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("reset.an-activity-under-way", async s =>
        {
            s.Flow("main", async w =>
            {
                string first = await Workflow.ExecuteActivityAsync<string>("work", ["one"], new() { StartToCloseTimeout = TimeSpan.FromSeconds(10) });
                string second = await Workflow.ExecuteActivityAsync<string>("work", ["two"], new() { StartToCloseTimeout = TimeSpan.FromSeconds(10) });
                await w.ForNotesAsync(1);
                return first + second;
            });
            s.Activity("work", call => Task.FromResult<object?>("worked on " + call.Argument<string>()));
            s.Work();
            WorkflowHandle run = await StartedAsync(s, "main");
            await s.IdleAsync(run, EventType.ActivityTaskCompleted, 2);
            WorkflowHandle again = await ResetAsync(s, run, 2);
            await s.IdleAsync(again, EventType.ActivityTaskCompleted, 2);
            await again.SignalAsync("note", ["end"]);
            await s.EndAsync(again);
        }),
        new("reset.a-timer-under-way", async s =>
        {
            s.Flow("main", async w =>
            {
                await w.ForNotesAsync(1);
                await Workflow.DelayAsync(TimeSpan.FromMilliseconds(600));
                await w.ForNotesAsync(2);
                return w.AllNotes();
            });
            s.Work();
            WorkflowHandle run = await StartedAsync(s, "main");
            await s.IdleAsync(run);
            await run.SignalAsync("note", ["a"]);
            await s.IdleAsync(run, EventType.TimerFired);
            WorkflowHandle again = await ResetAsync(s, run, 3);
            await s.IdleAsync(again, EventType.TimerFired);
            await again.SignalAsync("note", ["b"]);
            await s.EndAsync(again);
        }),
        new("reset.a-child-under-way", async s =>
        {
            (WorkflowHandle run, WorkflowHandle child) = await ParentAsync(s, ParentClosePolicy.Terminate);
            WorkflowHandle again = await ResetAsync(s, run, 3);
            await child.SignalAsync("note", ["a"]);
            await s.NoteResultAsync(child, "child");
            await s.IdleAsync(again, EventType.ChildWorkflowExecutionCompleted);
            await again.SignalAsync("note", ["end"]);
            await s.EndAsync(again);
            await s.RecordAsync(run, "original");
        }),
        new("reset.before-a-child", async s =>
        {
            (WorkflowHandle run, WorkflowHandle child) = await ParentAsync(s, ParentClosePolicy.Abandon);
            WorkflowHandle again = await ResetAsync(s, run, 1);
            await Stage.EventAsync(again, EventType.WorkflowExecutionFailed);
            await s.RecordAsync(again, "while the child runs");
            await s.NoteAsync("child", () => child.SignalAsync("note", ["a"]));
            await s.NoteResultAsync(child, "child");
            await s.NoteResultAsync(again, "parent");
        }),
        new("reset.after-a-request-to-cancel", async s =>
        {
            s.Flow("main", async w =>
            {
                await Workflow.WaitConditionAsync(() => w.Notes.Count >= 2, CancellationToken.None);
                return w.AllNotes() + Workflow.CancellationToken.IsCancellationRequested;
            });
            s.Work();
            WorkflowHandle run = await StartedAsync(s, "main");
            await s.IdleAsync(run);
            await run.CancelAsync();
            await s.IdleAsync(run, EventType.WorkflowExecutionCancelRequested);
            await run.SignalAsync("note", ["a"]);
            await s.IdleAsync(run, EventType.WorkflowExecutionSignaled);
            WorkflowHandle again = await ResetAsync(s, run, 1);
            await s.IdleAsync(again);
            await again.SignalAsync("note", ["b"]);
            await s.EndAsync(again);
        }),
        new("reset.next-run-of-a-chain", async s =>
        {
            s.Flow("main", async w =>
            {
                await w.ForNoteAsync("next");
                throw Workflow.CreateContinueAsNewException("other", []);
            });
            s.Flow("other", async w =>
            {
                await w.ForNotesAsync(2);
                return w.AllNotes();
            });
            s.Work();
            WorkflowHandle run = await StartedAsync(s, "main");
            await s.IdleAsync(run);
            await run.SignalAsync("note", ["next"]);
            await Stage.EventAsync(run, EventType.WorkflowExecutionContinuedAsNew);
            WorkflowHandle next = await NextAsync(s, run);
            await s.IdleAsync(next);
            await next.SignalAsync("note", ["in the next run"]);
            await s.IdleAsync(next, EventType.WorkflowExecutionSignaled);
            WorkflowHandle again = await ResetAsync(s, next, 1);
            await s.IdleAsync(again);
            await again.SignalAsync("note", ["end"]);
            await s.EndAsync(again);
        }),
        new("reset.first-run-of-a-chain", async s =>
        {
            s.Flow("main", async w =>
            {
                await w.ForNotesAsync(1);
                throw Workflow.CreateContinueAsNewException("other", []);
            });
            s.Flow("other", async w =>
            {
                await w.ForNotesAsync(2);
                return w.AllNotes();
            });
            s.Work();
            WorkflowHandle run = await StartedAsync(s, "main");
            await s.IdleAsync(run);
            await run.SignalAsync("note", ["next"]);
            await Stage.EventAsync(run, EventType.WorkflowExecutionContinuedAsNew);
            WorkflowHandle next = await NextAsync(s, run);
            await s.IdleAsync(next);
            await next.SignalAsync("note", ["in the next run"]);
            await s.IdleAsync(next, EventType.WorkflowExecutionSignaled);
            s.Flow("main", async w =>
            {
                await w.ForNotesAsync(3);
                return w.AllNotes();
            });
            WorkflowHandle again = await ResetAsync(s, run, 1);
            await s.IdleAsync(again);
            await again.SignalAsync("note", ["end"]);
            await s.EndAsync(again);
        }),
        new("reset.while-a-task-is-at-work", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            await Raw.CompleteAsync(s, await Raw.PollAsync(s), Raw.StartTimer("t", 60));
            await run.SignalAsync("note", ["a"]);
            PollWorkflowTaskQueueResponse old = await Raw.PollAsync(s);
            await run.SignalAsync("note", ["buffered"]);
            WorkflowHandle again = await ResetAsync(s, run, 1);
            await s.NoteAsync("the old task", () => Raw.CompleteAsync(s, old, Raw.CompleteWorkflow("late")));
            PollWorkflowTaskQueueResponse task = await Raw.PollAsync(s);
            await s.RecordAsync(run, "original");
            await s.NoteAsync("the new task", () => Raw.CompleteAsync(s, task, Raw.CompleteWorkflow("in time")));
            await s.EndAsync(again);
        }),
    ];
}
