using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Cancelling and terminating runs, and timers.</summary>
public static class CancelScenarios
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("cancel.ends-the-run-as-cancelled", async s =>
        {
            Waiting(s);
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            await s.NoteAsync("cancel", () => run.CancelAsync());
            await s.EndAsync(run);
            await s.NoteAsync("cancel of the closed", () => run.CancelAsync());
        }),
        new("cancel.handled-by-the-workflow", async s =>
        {
            s.Flow("main", async w =>
            {
                try
                {
                    await Workflow.DelayAsync(TimeSpan.FromHours(1));
                    return "slept";
                }
                catch (TaskCanceledException)
                {
                    await Workflow.DelayAsync(TimeSpan.FromMilliseconds(50), CancellationToken.None);
                    return "tidied up";
                }
            });
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            await run.CancelAsync();
            await s.EndAsync(run);
        }),
        new("cancel.before-the-first-task", async s =>
        {
            Waiting(s);
            WorkflowHandle run = await s.StartAsync("main");
            await run.CancelAsync();
            s.Work();
            await s.EndAsync(run);
        }),
        new("cancel.twice-and-missing", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            await s.NoteAsync("first", () => run.CancelAsync());
            await s.NoteAsync("second", () => run.CancelAsync());
            await s.NoteAsync("missing", () => s.Client.GetWorkflowHandle(s.Id("nobody")).CancelAsync());
            await s.NoteAsync("with reason and request id", () => s.Service.RequestCancelWorkflowExecutionAsync(new()
            {
                Namespace = "default", WorkflowExecution = new() { WorkflowId = run.Id }, Reason = "because", RequestId = "r", Identity = "raw",
            }));
            await s.RecordAsync(run);
            await run.TerminateAsync();
        }),
        new("cancel.the-first-run-of-a-chain", async s =>
        {
            s.Flow("main", async w =>
            {
                if (w.ArgumentCount == 0)
                {
                    throw Workflow.CreateContinueAsNewException("main", ["again"]);
                }

                await w.ForNotesAsync(1);
                return null;
            });
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.NoteAsync("first run's result", () => run.GetResultAsync<object?>(followRuns: false));
            WorkflowHandle latest = s.Client.GetWorkflowHandle(run.Id);
            await s.IdleAsync(latest);
            await s.NoteAsync("cancel by first run id", () => s.Client.GetWorkflowHandle(run.Id, firstExecutionRunId: run.FirstExecutionRunId).CancelAsync());
            await s.EndAsync(latest);
        }),
        new("terminate.running", async s =>
        {
            Waiting(s);
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            await s.NoteAsync("terminate", () => run.TerminateAsync("by hand", new() { Details = ["a detail"] }));
            await s.EndAsync(run);
            await s.NoteAsync("closed", () => run.TerminateAsync("again"));
            await s.NoteAsync("missing", () => s.Client.GetWorkflowHandle(s.Id("nobody")).TerminateAsync());
        }),
        new("terminate.with-a-task-started", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            var task = await Raw.PollAsync(s);
            await run.SignalAsync("note", ["buffered"]);
            await run.TerminateAsync("now");
            await s.NoteAsync("late answer", () => Raw.CompleteAsync(s, task, Raw.CompleteWorkflow("too late")));
            await s.EndAsync(run);
        }),
        new("timer.fires", async s =>
        {
            s.Flow("main", async w =>
            {
                await Workflow.DelayWithOptionsAsync(new(TimeSpan.FromMilliseconds(400), "a pause"));
                return "rested";
            });
            s.Work();
            await s.EndAsync(await s.StartAsync("main"));
        }),
        new("timer.cancelled", async s =>
        {
            s.Flow("main", async w =>
            {
                using var stop = new CancellationTokenSource();
                Task delay = Workflow.DelayAsync(TimeSpan.FromHours(1), stop.Token);
                await Workflow.DelayAsync(TimeSpan.FromMilliseconds(100));
#pragma warning disable CA1849 // CancelAsync would leave the workflow's scheduler.
                stop.Cancel();
#pragma warning restore CA1849
                try
                {
                    await delay;
                    return "slept";
                }
                catch (TaskCanceledException)
                {
                    return "woken";
                }
            });
            s.Work();
            await s.EndAsync(await s.StartAsync("main"));
        }),
        new("timer.three-in-order", async s =>
        {
            s.Flow("main", async w =>
            {
                await Workflow.WhenAllAsync(new[] { 900, 300, 600 }.Select(async ms =>
                {
                    await Workflow.DelayAsync(ms);
                    w.Notes.Add(ms.ToString(System.Globalization.CultureInfo.InvariantCulture));
                }));
                return w.AllNotes();
            });
            s.Work();

            // A slow worker sees several at once: the order counts.
            await s.NoteResultAsync(await s.StartAsync("main"));
        }),
        new("timer.condition-with-a-deadline", async s =>
        {
            s.Flow("main", async w => await Workflow.WaitConditionAsync(() => w.Notes.Count > 0, TimeSpan.FromMilliseconds(300)) ? "noted" : "gave up");
            s.Work();
            await s.EndAsync(await s.StartAsync("main"));
        }),
    ];

    private static void Waiting(Stage stage) => stage.Flow("main", async w =>
    {
        await w.ForNotesAsync(1);
        return w.AllNotes();
    });
}
