using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Updates: accepted, rejected, failed, polled, deduplicated, with a start, at the end of a run.</summary>
public static class UpdateScenarios
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Case("update.completes", 1, async (s, run) => await s.NoteAsync("add", () => run.ExecuteUpdateAsync<string>("add", ["a"], new("one")))),
        Case("update.rejected-leaves-no-trace", 1, async (s, run) =>
        {
            await s.NoteAsync("bad", () => run.ExecuteUpdateAsync<string>("add", ["bad"]));
            await s.RecordAsync(run, "after the rejection");
            await s.NoteAsync("good", () => run.ExecuteUpdateAsync<string>("add", ["good"], new("good")));
        }),
        Case("update.unknown-handler", 2, async (s, run) =>
        {
            await s.NoteAsync("unknown", async () =>
            {
                try
                {
                    await run.ExecuteUpdateAsync("no such update", []);
                    return "done";
                }
                catch (WorkflowUpdateFailedException e)
                {
                    return e.InnerException!.GetType().Name;
                }
            });
            await run.SignalAsync("note", ["end"]);
        }),
        new("update.nobody-takes-it-in-the-callers-time", async s =>
        {
            WorkflowHandle run = await s.StartAsync("main");
            await s.NoteAsync("in a second", async () =>
            {
                try
                {
                    await run.ExecuteUpdateAsync<string>("add", ["a"], new("late") { Rpc = new() { Timeout = TimeSpan.FromSeconds(1) } });
                    return "done";
                }
                catch (WorkflowUpdateRpcTimeoutOrCanceledException)
                {
                    return "the time is over";
                }
            });
            await run.TerminateAsync("nobody came");
            await s.RecordAsync(run);
        }),
        Case("update.two-in-a-row", 2, async (s, run) =>
        {
            await s.NoteAsync("first", () => run.ExecuteUpdateAsync<string>("add", ["a"], new("one")));
            await s.NoteAsync("second", () => run.ExecuteUpdateAsync<string>("add", ["b"], new("two")));
        }),
        Case("update.same-id-is-one-update", 2, async (s, run) =>
        {
            await s.NoteAsync("first", () => run.ExecuteUpdateAsync<string>("add", ["a"], new("same")));
            await s.NoteAsync("again", () => run.ExecuteUpdateAsync<string>("add", ["b"], new("same")));
            await run.SignalAsync("note", ["end"]);
            await s.NoteResultAsync(run, "end");
            await s.NoteAsync("after the end", () => run.ExecuteUpdateAsync<string>("add", ["c"], new("same")));
        }),
        Case("update.accepted-then-polled", 2, async (s, run) =>
        {
            WorkflowUpdateHandle<string> update = await run.StartUpdateAsync<string>("slow", ["a"], new("slow", WorkflowUpdateStage.Accepted));
            await s.RecordAsync(run, "accepted");
            Task<string> answer = update.GetResultAsync();
            await run.SignalAsync("note", ["go"]);
            await s.NoteAsync("answer", () => answer);
            await s.NoteAsync("by another handle", () => run.GetUpdateHandle<string>("slow").GetResultAsync());
        }),
        Case("update.wait-stages-on-the-wire", 2, async (s, run) =>
        {
            await run.StartUpdateAsync<string>("slow", ["a"], new("slow", WorkflowUpdateStage.Accepted));
            foreach (var stage in new[] { UpdateWorkflowExecutionLifecycleStage.Unspecified, UpdateWorkflowExecutionLifecycleStage.Accepted })
            {
                await s.NoteAsync("poll " + stage, () => s.Service.PollWorkflowExecutionUpdateAsync(new()
                {
                    Namespace = "default",
                    UpdateRef = new() { WorkflowExecution = new() { WorkflowId = run.Id }, UpdateId = "slow" },
                    WaitPolicy = stage == UpdateWorkflowExecutionLifecycleStage.Unspecified ? null : new() { LifecycleStage = stage },
                }));
            }

            await run.SignalAsync("note", ["go"]);
            await s.NoteAsync("poll completed", () => s.Service.PollWorkflowExecutionUpdateAsync(new()
            {
                Namespace = "default",
                UpdateRef = new() { WorkflowExecution = new() { WorkflowId = run.Id }, UpdateId = "slow" },
                WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
            }));
            await s.NoteAsync("poll of none", () => s.Service.PollWorkflowExecutionUpdateAsync(new()
            {
                Namespace = "default", UpdateRef = new() { WorkflowExecution = new() { WorkflowId = run.Id }, UpdateId = "none" },
            }));
        }),
        Case("update.fails", 2, async (s, run) =>
        {
            await s.NoteAsync("fail", () => run.ExecuteUpdateAsync<string>("fail", ["a"], new("one")));
            await s.NoteAsync("add", () => run.ExecuteUpdateAsync<string>("add", ["b"], new("two")));
        }),
        Case("update.runs-an-activity", 1, async (s, run) => await s.NoteAsync("work", () => run.ExecuteUpdateAsync<string>("work", ["a"], new("one")))),
        Case("update.missing-and-closed", 1, async (s, run) =>
        {
            await run.SignalAsync("note", ["end"]);
            await s.NoteResultAsync(run, "end");
            await s.NoteAsync("closed", () => run.ExecuteUpdateAsync<string>("add", ["a"]));
            await s.NoteAsync("missing", () => s.Client.GetWorkflowHandle(s.Id("nobody")).ExecuteUpdateAsync<string>("add", ["a"]));
            await s.NoteAsync("poll of closed", () => run.GetUpdateHandle<string>("none").GetResultAsync());
        }),
        new("update.before-the-first-task", async s =>
        {
            Waiting(s, 1);
            WorkflowHandle run = await s.StartAsync("main");
            Task<string> update = run.ExecuteUpdateAsync<string>("add", ["early"], new("one"));
            s.Work();
            await s.NoteAsync("update", () => update);
            await s.NoteResultAsync(run);
        }),
        new("update.accepted-when-the-run-ends", async s =>
        {
            Waiting(s, 2);
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            WorkflowUpdateHandle<string> update = await run.StartUpdateAsync<string>("slow", ["a"], new("slow", WorkflowUpdateStage.Accepted));
            await run.SignalAsync("note", ["end"]);
            await s.NoteAsync("update", () => update.GetResultAsync());
            await s.EndAsync(run);
        }),
        new("update.accepted-when-terminated", async s =>
        {
            Waiting(s, 2);
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            WorkflowUpdateHandle<string> update = await run.StartUpdateAsync<string>("slow", ["a"], new("slow", WorkflowUpdateStage.Accepted));
            await run.TerminateAsync("enough");
            await s.NoteAsync("update", () => update.GetResultAsync());
            await s.EndAsync(run);
        }),
        new("update.at-most-ten-in-flight", async s =>
        {
            Waiting(s, 100);
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            for (int i = 0; i < 10; i++)
            {
                await run.StartUpdateAsync<string>("slow", ["a"], new($"slow-{i}", WorkflowUpdateStage.Accepted));
            }

            await s.NoteAsync("the eleventh", () => s.Service.UpdateWorkflowExecutionAsync(
                new()
                {
                    Namespace = "default",
                    WorkflowExecution = new() { WorkflowId = run.Id },
                    WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Accepted },
                    Request = new() { Meta = new() { UpdateId = "eleventh" }, Input = new() { Name = "slow", Args = Raw.Several("a") } },
                },
                new() { Retry = false }));
            await run.TerminateAsync();
        }),
        new("update-with-start.new-and-existing", async s =>
        {
            Waiting(s, 2);
            s.Work();
            for (int i = 0; i < 2; i++)
            {
                WorkflowOptions options = s.Options();
                options.IdConflictPolicy = WorkflowIdConflictPolicy.UseExisting;
                var start = WithStartWorkflowOperation.Create("main", [], options);
                await s.NoteAsync("update", () => s.Client.ExecuteUpdateWithStartWorkflowAsync<string>("add", [$"n{i}"], new($"u{i}", start)));
                if (i == 0)
                {
                    await s.IdleAsync(s.Client.GetWorkflowHandle(s.Id("run")));
                }
            }

            await s.EndAsync(s.Client.GetWorkflowHandle(s.Id("run")));
        }),
        new("update-with-start.conflict-fails", async s =>
        {
            Waiting(s, 1);
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            WorkflowOptions options = s.Options();
            options.IdConflictPolicy = WorkflowIdConflictPolicy.Fail;
            var start = WithStartWorkflowOperation.Create("main", [], options);
            await s.NoteAsync("update", () => s.Client.ExecuteUpdateWithStartWorkflowAsync<string>("add", ["x"], new("u", start)));
            await run.SignalAsync("note", ["end"]);
            await s.EndAsync(run);
        }),
        new("update-with-start.rejected", async s =>
        {
            Waiting(s, 1);
            s.Work();
            WorkflowOptions options = s.Options();
            options.IdConflictPolicy = WorkflowIdConflictPolicy.Fail;
            var start = WithStartWorkflowOperation.Create("main", [], options);
            await s.NoteAsync("update", () => s.Client.ExecuteUpdateWithStartWorkflowAsync<string>("add", ["bad"], new("u", start)));
            WorkflowHandle run = s.Client.GetWorkflowHandle(s.Id("run"));
            await s.IdleAsync(run);
            await run.SignalAsync("note", ["end"]);
            await s.EndAsync(run);
        }),
        new("update.beside-a-timer-and-a-signal", async s =>
        {
            s.Flow("main", async w =>
            {
                await Workflow.DelayAsync(TimeSpan.FromMilliseconds(300));
                await w.ForNotesAsync(2);
                return w.AllNotes();
            });
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run, EventType.TimerFired);
            await s.NoteAsync("add", () => run.ExecuteUpdateAsync<string>("add", ["a"], new("one")));
            await run.SignalAsync("note", ["b"]);
            await s.EndAsync(run);
        }),
    ];

    private static void Waiting(Stage stage, int notes) => stage.Flow("main", async w =>
    {
        await w.ForNotesAsync(notes);
        return w.AllNotes();
    });

    private static Scenario Case(string name, int notes, Func<Stage, WorkflowHandle, Task> play) => new(name, async s =>
    {
        Waiting(s, notes);
        s.Activity("work", call => Task.FromResult<object?>("worked on " + call.Argument<string>()));
        s.Work();
        WorkflowHandle run = await s.StartAsync("main");
        await s.IdleAsync(run);
        await play(s, run);
        if ((await s.DescribeAsync(run)).WorkflowExecutionInfo.Status == Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running)
        {
            await s.IdleAsync(run);
            await run.SignalAsync("note", ["last"]);
        }

        await s.EndAsync(run);
    });
}
