using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Workflow tasks: lost workers, failed and late answers, sticky queues, commands that a server refuses.</summary>
public static class TaskScenarios
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("task.first-as-polled", async s =>
        {
            await Raw.StartedAsync(s, r => r.Input = Raw.Several("in"));
            var task = await Raw.PollAsync(s);
            s.NoteMessage("task", task);
            await Raw.CompleteAsync(s, task, Raw.CompleteWorkflow("done"));
        }),
        new("task.worker-gone-is-timed-out-and-given-again", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s, r => r.WorkflowTaskTimeout = Raw.Seconds(1));
            var lost = await Raw.PollAsync(s);
            var second = await Raw.PollAsync(s);
            s.Note("attempt", second.Attempt);
            s.Note("events", string.Join(",", second.History.Events.Select(e => e.EventType)));
            await s.NoteAsync("late answer", () => Raw.CompleteAsync(s, lost, Raw.CompleteWorkflow("late")));
            await Raw.CompleteAsync(s, second, Raw.CompleteWorkflow("in time"));
            await s.EndAsync(run);
        }),
        new("task.fails-thrice-and-shows-once", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            for (int i = 1; i <= 3; i++)
            {
                var task = await Raw.PollAsync(s);
                s.Note("attempt", task.Attempt);
                s.Note("started event", task.StartedEventId);
                await Raw.FailAsync(s, task);
            }

            await s.RecordAsync(run, "failing");
            s.NoteMessage("pending", (await s.DescribeAsync(run)).PendingWorkflowTask);
            var last = await Raw.PollAsync(s);
            s.Note("attempt", last.Attempt);
            await Raw.CompleteAsync(s, last, Raw.CompleteWorkflow("done"));
            await s.EndAsync(run);
        }),
        new("task.fails-then-a-signal-comes", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            await Raw.FailAsync(s, await Raw.PollAsync(s));
            var second = await Raw.PollAsync(s);
            await run.SignalAsync("note", ["a"]);
            await Raw.FailAsync(s, second);
            var third = await Raw.PollAsync(s);
            s.Note("attempt", third.Attempt);
            s.Note("events", string.Join(",", third.History.Events.Select(e => e.EventType)));
            await Raw.CompleteAsync(s, third, Raw.CompleteWorkflow("done"));
            await s.EndAsync(run);
        }),
        new("task.workflow-throws-what-is-no-failure", async s =>
        {
            s.Flow("main", w => Stages.Of(Workflow.Info.TaskQueue).Throws.TryTake(out _) ? throw new InvalidOperationException("a bug") : Task.FromResult<object?>("mended"));
            s.Throws.Add(true);
            s.Work();
            await s.EndAsync(await s.StartAsync("main"));
        }),
        new("task.unhandled-command", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            var task = await Raw.PollAsync(s);
            await run.SignalAsync("note", ["unseen"]);
            await s.NoteAsync("complete", () => Raw.CompleteAsync(s, task, Raw.CompleteWorkflow("too early")));
            var second = await Raw.PollAsync(s);
            s.Note("attempt", second.Attempt);
            await Raw.CompleteAsync(s, second, Raw.CompleteWorkflow("seen"));
            await s.EndAsync(run);
        }),
        new("task.sticky-goes-to-its-queue-with-new-events-only", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            await Raw.CompleteAsync(s, await Raw.PollAsync(s), r => r.StickyAttributes = new()
            {
                WorkerTaskQueue = new() { Name = s.Id("sticky"), Kind = TaskQueueKind.Sticky, NormalName = s.Queue }, ScheduleToStartTimeout = Raw.Seconds(30),
            });
            Task<Temporalio.Api.WorkflowService.V1.PollWorkflowTaskQueueResponse> poll = Raw.PollAsync(s, s.Id("sticky"));
            await Raw.PolledAsync(s, s.Id("sticky"));
            await run.SignalAsync("note", ["a"]);
            var task = await poll;
            s.NoteMessage("task", task);
            await Raw.CompleteAsync(s, task, Raw.CompleteWorkflow("done"));
            await s.RecordAsync(run);
        }),
        new("task.sticky-worker-gone-falls-back", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            await Raw.CompleteAsync(s, await Raw.PollAsync(s), r => r.StickyAttributes = new()
            {
                WorkerTaskQueue = new() { Name = s.Id("sticky"), Kind = TaskQueueKind.Sticky, NormalName = s.Queue }, ScheduleToStartTimeout = Raw.Seconds(1),
            });
            Task<Temporalio.Api.WorkflowService.V1.PollWorkflowTaskQueueResponse> poll = Raw.PollAsync(s, s.Id("sticky"));
            await Raw.PolledAsync(s, s.Id("sticky"));
            await run.SignalAsync("note", ["seen"]);
            await Raw.CompleteAsync(s, await poll);

            // From here on nobody polls the sticky queue.
            await run.SignalAsync("note", ["a"]);
            var task = await Raw.PollAsync(s);
            s.Note("first event of the task", task.History.Events[0].EventId);
            await Raw.CompleteAsync(s, task, Raw.CompleteWorkflow("done"));
            await s.NoteResultAsync(run);
            s.Note("last", string.Join(",", (await run.FetchHistoryAsync()).Events.TakeLast(3).Select(e => e.EventType)));
        }),
        new("task.worker-stops-and-another-goes-on", async s =>
        {
            s.Flow("main", async w =>
            {
                await w.ForNotesAsync(2);
                return w.AllNotes();
            });
            StageWorker first = s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            await run.SignalAsync("note", ["one"]);
            await s.IdleAsync(run, EventType.WorkflowTaskCompleted, 2);
            await first.DisposeAsync();
            s.Work();
            await run.SignalAsync("note", ["two"]);
            await s.NoteResultAsync(run);
        }),
        new("task.next-comes-with-the-answer", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            var task = await Raw.PollAsync(s);
            var answer = await Raw.CompleteAsync(s, task, r =>
            {
                r.ReturnNewWorkflowTask = true;
                r.ForceCreateNewWorkflowTask = true;
            });
            s.Note("attempt", answer.WorkflowTask?.Attempt);
            s.Note("events", string.Join(",", answer.WorkflowTask?.History?.Events.Select(e => e.EventType) ?? []));
            await Raw.CompleteAsync(s, answer.WorkflowTask!, Raw.CompleteWorkflow("done"));
            await s.EndAsync(run);
        }),
        new("task.eager-activity-comes-with-the-answer", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            var answer = await Raw.CompleteAsync(s, await Raw.PollAsync(s), Raw.Schedule(s, "a", a => a.RequestEagerExecution = true));
            var task = answer.ActivityTasks.SingleOrDefault();
            s.Note("came along", task is not null);
            task ??= await Raw.PollActivityAsync(s);
            await s.Service.RespondActivityTaskCompletedAsync(new() { Namespace = "default", TaskToken = task.TaskToken, Result = Raw.Several(1), Identity = "raw" });
            await Raw.CompleteAsync(s, await Raw.PollAsync(s), Raw.CompleteWorkflow("done"));
            await s.RecordAsync(run);
        }),
        Refused("no-activity-timeout", s => Raw.Schedule(s, "a", a => a.StartToCloseTimeout = null)),
        Refused("no-activity-id", s => Raw.Schedule(s, "")),
        Refused("no-activity-type", s => Raw.Schedule(s, "a", a => a.ActivityType = null)),
        Refused("no-timer-id", _ => Raw.StartTimer("", 1)),
        Refused("same-timer-twice", _ => Raw.StartTimer("t", 60), _ => Raw.StartTimer("t", 60)),
        Refused("same-activity-twice", s => Raw.Schedule(s, "a"), s => Raw.Schedule(s, "a")),
        Refused("cancel-of-unknown-timer", _ => new() { CommandType = CommandType.CancelTimer, CancelTimerCommandAttributes = new() { TimerId = "none" } }),
        Refused("cancel-of-unknown-activity", _ => new() { CommandType = CommandType.RequestCancelActivityTask, RequestCancelActivityTaskCommandAttributes = new() { ScheduledEventId = 77 } }),
        Refused("bad-search-attribute", _ => new()
        {
            CommandType = CommandType.UpsertWorkflowSearchAttributes,
            UpsertWorkflowSearchAttributesCommandAttributes = new() { SearchAttributes = new() { IndexedFields = { ["Nobody"] = Raw.Json(1) } } },
        }),
        Refused("child-without-id", _ => new() { CommandType = CommandType.StartChildWorkflowExecution, StartChildWorkflowExecutionCommandAttributes = new() { WorkflowType = new() { Name = "x" } } }),
        Refused("signal-without-name", s => new()
        {
            CommandType = CommandType.SignalExternalWorkflowExecution,
            SignalExternalWorkflowExecutionCommandAttributes = new() { Execution = new() { WorkflowId = s.Id("x") } },
        }),
        Refused("marker-without-name", _ => new() { CommandType = CommandType.RecordMarker, RecordMarkerCommandAttributes = new() }),
        Refused("command-after-the-end", _ => Raw.CompleteWorkflow("end"), _ => Raw.StartTimer("t", 1)),
        new("task.answers-to-nobody", async s =>
        {
            await s.NoteAsync("bad token", () => s.Service.RespondWorkflowTaskCompletedAsync(new() { Namespace = "default", TaskToken = Google.Protobuf.ByteString.CopyFromUtf8("abc") }));
            await s.NoteAsync("no token", () => s.Service.RespondWorkflowTaskCompletedAsync(new() { Namespace = "default" }));
            await s.NoteAsync("no queue", () => s.Service.PollWorkflowTaskQueueAsync(new() { Namespace = "default" }));
            await s.NoteAsync("unknown namespace", () => s.Service.PollWorkflowTaskQueueAsync(new() { Namespace = "nowhere", TaskQueue = new() { Name = s.Queue } }));
            WorkflowHandle run = await Raw.StartedAsync(s);
            var task = await Raw.PollAsync(s);
            await Raw.CompleteAsync(s, task);
            await s.NoteAsync("twice", () => Raw.CompleteAsync(s, task));
            await s.NoteAsync("failed after", () => Raw.FailAsync(s, task));
            await s.RecordAsync(run);
            await run.TerminateAsync();
        }),
    ];

    /// <summary>Commands that the server refuses: the answer is an error, the task is failed and comes again.</summary>
    private static Scenario Refused(string name, params Func<Stage, Command>[] commands) => new("refused." + name, async s =>
    {
        WorkflowHandle run = await Raw.StartedAsync(s);
        var task = await Raw.PollAsync(s);
        await s.NoteAsync("complete", () => Raw.CompleteAsync(s, task, [.. commands.Select(c => c(s))]));
        var description = await s.DescribeAsync(run);
        s.Note("status", description.WorkflowExecutionInfo.Status);
        await s.RecordAsync(run);
        await s.NoteAsync("terminate", () => run.TerminateAsync());
    });
}
