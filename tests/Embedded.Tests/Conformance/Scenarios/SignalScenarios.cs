using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Signals: to runs idle, not yet begun and closed; with a start; deduplicated; from one workflow to another.</summary>
public static class SignalScenarios
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("signal.idle-run", async s =>
        {
            Waiting(s, 2);
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            await run.SignalAsync("note", ["one"]);
            await s.IdleAsync(run, EventType.WorkflowTaskCompleted, 2);
            await run.SignalAsync("note", ["two"]);
            await s.EndAsync(run);
        }),
        new("signal.before-the-first-task", async s =>
        {
            Waiting(s, 2);
            WorkflowHandle run = await s.StartAsync("main");
            await run.SignalAsync("note", ["one"]);
            await run.SignalAsync("note", ["two"]);
            s.Work();
            await s.EndAsync(run);
        }),
        new("signal.missing-and-closed", async s =>
        {
            s.Flow("main", _ => Task.FromResult<object?>(1));
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.NoteResultAsync(run);
            await s.NoteAsync("closed", () => run.SignalAsync("note", ["late"]));
            await s.NoteAsync("missing", () => s.Client.GetWorkflowHandle(s.Id("nobody")).SignalAsync("note", ["x"]));
            await s.NoteAsync("missing run", () => s.Client.GetWorkflowHandle(run.Id, Guid.NewGuid().ToString()).SignalAsync("note", ["x"]));
            await s.NoteAsync("no run id", () => s.Client.GetWorkflowHandle(run.Id, "abc").SignalAsync("note", ["x"]));
            await s.NoteAsync("no signal name", () => s.Service.SignalWorkflowExecutionAsync(
                new() { Namespace = "default", WorkflowExecution = new() { WorkflowId = run.Id } }));
        }),
        new("signal.same-request-id", async s =>
        {
            Waiting(s, 2);
            WorkflowHandle run = await s.StartAsync("main");
            for (int i = 0; i < 2; i++)
            {
                await s.Service.SignalWorkflowExecutionAsync(new()
                {
                    Namespace = "default", WorkflowExecution = new() { WorkflowId = run.Id }, SignalName = "note", Input = Raw.Several("once"), RequestId = "the-same", Identity = "raw",
                });
            }

            await run.SignalAsync("note", ["other"]);
            s.Work();
            await s.EndAsync(run);
        }),
        new("signal.unknown-name-waits-for-its-handler", async s =>
        {
            s.Flow("main", async w =>
            {
                await w.ForNotesAsync(1);
                var late = new List<string>();
                Workflow.Signals["later"] = WorkflowSignalDefinition.CreateWithoutAttribute("later", (string text) =>
                {
                    late.Add(text);
                    return Task.CompletedTask;
                });
                await Workflow.WaitConditionAsync(() => late.Count == 1);
                return late[0];
            });
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            await run.SignalAsync("later", ["kept"]);
            await s.IdleAsync(run, EventType.WorkflowTaskCompleted, 2);
            await run.SignalAsync("note", ["now"]);
            await s.EndAsync(run);
        }),
        new("signal.while-a-task-is-started", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            var task = await Raw.PollAsync(s);
            await run.SignalAsync("note", ["one"]);
            await run.SignalAsync("note", ["two"]);
            await s.RecordAsync(run, "while started");
            await Raw.CompleteAsync(s, task, Raw.StartTimer("t", 60));
            await s.RecordAsync(run, "then");
            await Raw.CompleteAsync(s, await Raw.PollAsync(s), Raw.CompleteWorkflow("done"));
            await s.EndAsync(run);
        }),
        new("signal-with-start.new", async s =>
        {
            Waiting(s, 1);
            WorkflowOptions options = s.Options();
            options.SignalWithStart("note", ["with"]);
            WorkflowHandle run = await s.StartAsync("main", options);
            s.Work();
            await s.EndAsync(run);
        }),
        new("signal-with-start.running", async s =>
        {
            Waiting(s, 1);
            s.Work();
            WorkflowHandle first = await s.StartAsync("main");
            await s.IdleAsync(first);
            WorkflowOptions options = s.Options();
            options.SignalWithStart("note", ["with"]);
            WorkflowHandle second = await s.StartAsync("main", options);
            await s.EndAsync(second);
            await s.NoteResultAsync(first, "first");
        }),
        new("signal-with-start.closed", async s =>
        {
            Waiting(s, 1);
            s.Work();
            WorkflowOptions options = s.Options();
            options.SignalWithStart("note", ["one"]);
            await s.NoteResultAsync(await s.StartAsync("main", options));
            WorkflowOptions reject = s.Options();
            reject.IdReusePolicy = WorkflowIdReusePolicy.RejectDuplicate;
            reject.SignalWithStart("note", ["two"]);
            await s.NoteAsync("rejected", () => s.StartAsync("main", reject));
            WorkflowOptions again = s.Options();
            again.SignalWithStart("note", ["three"]);
            await s.EndAsync(await s.StartAsync("main", again));
        }),
        new("signal-with-start.start-delay", async s =>
        {
            Waiting(s, 1);
            s.Work();
            WorkflowOptions options = s.Options();
            options.StartDelay = TimeSpan.FromSeconds(1);
            options.SignalWithStart("note", ["with"]);
            await s.EndAsync(await s.StartAsync("main", options));
        }),
        new("external.signal", async s =>
        {
            Waiting(s, 1);
            s.Flow("sender", async w =>
            {
                await Workflow.GetExternalWorkflowHandle(w.Argument<string>()).SignalAsync("note", ["from a workflow"]);
                return "sent";
            });
            s.Work();
            WorkflowHandle target = await s.StartAsync("main");
            await s.IdleAsync(target);
            WorkflowHandle sender = await s.StartAsync("sender", s.Options("sender"), target.Id);
            await s.EndAsync(sender);
            await s.EndAsync(target);
        }),
        new("external.signal-to-nobody", async s =>
        {
            s.Flow("sender", async w =>
            {
                try
                {
                    await Workflow.GetExternalWorkflowHandle(w.Argument<string>()).SignalAsync("note", ["x"]);
                    return "sent";
                }
                catch (FailureException e) when (!TemporalException.IsCanceledException(e))
                {
                    return e.GetType().Name;
                }
            });
            s.Work();
            await s.EndAsync(await s.StartAsync("sender", s.Id("nobody")));
        }),
        new("external.cancel", async s =>
        {
            Waiting(s, 1);
            s.Flow("canceller", async w =>
            {
                await Workflow.GetExternalWorkflowHandle(w.Argument<string>()).CancelAsync();
                return "asked";
            });
            s.Work();
            WorkflowHandle target = await s.StartAsync("main");
            await s.IdleAsync(target);
            await s.EndAsync(await s.StartAsync("canceller", s.Options("canceller"), target.Id));
            await s.EndAsync(target);
        }),
        new("external.cancel-of-nobody", async s =>
        {
            s.Flow("canceller", async w =>
            {
                await Workflow.GetExternalWorkflowHandle(w.Argument<string>()).CancelAsync();
                return "asked";
            });
            s.Work();
            await s.EndAsync(await s.StartAsync("canceller", s.Id("nobody")));
        }),
    ];

    private static void Waiting(Stage stage, int notes) => stage.Flow("main", async w =>
    {
        await w.ForNotesAsync(notes);
        return w.AllNotes();
    });
}
