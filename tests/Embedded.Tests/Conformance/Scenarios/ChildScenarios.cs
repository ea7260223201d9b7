using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Workflows;
using ParentClosePolicy = Temporalio.Workflows.ParentClosePolicy;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Child workflows: results, failures, cancellation, what becomes of them when the parent closes.</summary>
public static class ChildScenarios
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("child.completes", async s =>
        {
            s.Flow("child", w => Task.FromResult<object?>("hello " + w.Argument<string>()));
            Parent(s, async (w, options) => await Workflow.ExecuteChildWorkflowAsync<string>("child", ["parent"], options));
            s.Work();
            WorkflowHandle run = await s.StartAsync("main", s.Id("child"));
            await s.EndAsync(run);
            await s.RecordAsync(s.Client.GetWorkflowHandle(s.Id("child")), "child");
        }),
        new("child.all-options", async s =>
        {
            s.Flow("child", _ => Task.FromResult<object?>("done"));
            Parent(s, async (w, options) =>
            {
                options.StaticSummary = "child summary";
                options.StaticDetails = "child details";
                options.Memo = new Dictionary<string, object> { ["a"] = 1 };
                options.TypedSearchAttributes = new SearchAttributeCollection.Builder().Set(ConformanceAttributes.Number, 5).ToSearchAttributeCollection();
                options.RunTimeout = TimeSpan.FromMinutes(2);
                options.TaskTimeout = TimeSpan.FromSeconds(7);
                options.RetryPolicy = new() { MaximumAttempts = 2 };
                options.IdReusePolicy = WorkflowIdReusePolicy.RejectDuplicate;
                return await Workflow.ExecuteChildWorkflowAsync<string>("child", [], options);
            });
            s.Work();
            await s.EndAsync(await s.StartAsync("main", s.Id("child")));
            await s.RecordAsync(s.Client.GetWorkflowHandle(s.Id("child")), "child");
        }),
        new("child.fails", async s =>
        {
            s.Flow("child", _ => throw new ApplicationFailureException("the child broke", "ChildBroke"));
            Parent(s, async (w, options) => await Workflow.ExecuteChildWorkflowAsync<string>("child", [], options));
            s.Work();
            await s.EndAsync(await s.StartAsync("main", s.Id("child")));
        }),
        new("child.retried", async s =>
        {
            s.Flow("child", _ => Workflow.Info.Attempt < 2 ? throw new ApplicationFailureException("once") : Task.FromResult<object?>("second"));
            Parent(s, async (w, options) =>
            {
                options.RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(200), MaximumAttempts = 3 };
                return await Workflow.ExecuteChildWorkflowAsync<string>("child", [], options);
            });
            s.Work();
            await s.EndAsync(await s.StartAsync("main", s.Id("child")));
            await s.RecordAsync(s.Client.GetWorkflowHandle(s.Id("child")), "child");
        }),
        new("child.continues-as-new", async s =>
        {
            s.Flow("child", w => w.ArgumentCount == 0 ? throw Workflow.CreateContinueAsNewException("child", ["two"]) : Task.FromResult<object?>(w.Argument<string>()));
            Parent(s, async (w, options) => await Workflow.ExecuteChildWorkflowAsync<string>("child", [], options));
            s.Work();
            await s.EndAsync(await s.StartAsync("main", s.Id("child")));
            await s.RecordAsync(s.Client.GetWorkflowHandle(s.Id("child")), "child");
        }),
        new("child.id-is-taken", async s =>
        {
            s.Flow("child", Wait);
            Parent(s, async (w, options) =>
            {
                try
                {
                    return await Workflow.ExecuteChildWorkflowAsync<string>("child", [], options);
                }
                catch (WorkflowAlreadyStartedException)
                {
                    return "taken";
                }
            });
            s.Work();
            WorkflowHandle other = await s.StartAsync("child", s.Options("child"));
            await s.EndAsync(await s.StartAsync("main", s.Id("child")));
            await other.TerminateAsync();
        }),
        new("child.terminated", async s =>
        {
            s.Flow("child", Wait);
            Parent(s, async (w, options) => await Workflow.ExecuteChildWorkflowAsync<string>("child", [], options));
            s.Work();
            WorkflowHandle run = await s.StartAsync("main", s.Id("child"));
            await s.IdleAsync(run, EventType.ChildWorkflowExecutionStarted);
            await s.Client.GetWorkflowHandle(s.Id("child")).TerminateAsync("by hand");
            await s.EndAsync(run);
        }),
        new("child.times-out", async s =>
        {
            s.Flow("child", Wait);
            Parent(s, async (w, options) =>
            {
                options.RunTimeout = TimeSpan.FromSeconds(1);
                return await Workflow.ExecuteChildWorkflowAsync<string>("child", [], options);
            });
            s.Work();
            await s.EndAsync(await s.StartAsync("main", s.Id("child")));
        }),
        new("child.is-signalled-by-the-parent", async s =>
        {
            s.Flow("child", async w =>
            {
                await w.ForNotesAsync(2);
                return w.AllNotes();
            });
            Parent(s, async (w, options) =>
            {
                ChildWorkflowHandle child = await Workflow.StartChildWorkflowAsync("child", [], options);
                await child.SignalAsync("note", ["from the parent"]);
                return await child.GetResultAsync<string>();
            });
            s.Work();
            WorkflowHandle run = await s.StartAsync("main", s.Id("child"));
            await s.IdleAsync(run, EventType.ExternalWorkflowExecutionSignaled);
            await s.Client.GetWorkflowHandle(s.Id("child")).SignalAsync("note", ["from a client"]);
            await s.EndAsync(run);
            s.Note("child's signals", (await s.Client.GetWorkflowHandle(s.Id("child")).FetchHistoryAsync()).Events.Count(e => e.EventType == EventType.WorkflowExecutionSignaled));
        }),
        Cancelled("wait-completed", ChildWorkflowCancellationType.WaitCancellationCompleted),
        Cancelled("wait-requested", ChildWorkflowCancellationType.WaitCancellationRequested),
        Cancelled("try-cancel", ChildWorkflowCancellationType.TryCancel),
        Cancelled("abandon", ChildWorkflowCancellationType.Abandon),
        Closed("terminate", ParentClosePolicy.Terminate, Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Terminated),
        Closed("request-cancel", ParentClosePolicy.RequestCancel, Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Canceled),
        Closed("abandon", ParentClosePolicy.Abandon, Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running),
        new("child.started-with-no-worker-when-the-parent-is-terminated", async s =>
        {
            s.Flow("child", Wait);
            WorkflowHandle run = await Raw.StartedAsync(s);
            await Raw.CompleteAsync(s, await Raw.PollAsync(s), new Temporalio.Api.Command.V1.Command
            {
                CommandType = CommandType.StartChildWorkflowExecution,
                StartChildWorkflowExecutionCommandAttributes = new()
                {
                    WorkflowId = s.Id("child"), WorkflowType = new() { Name = "child" }, TaskQueue = new() { Name = s.Id("elsewhere") }, ParentClosePolicy = Temporalio.Api.Enums.V1.ParentClosePolicy.Terminate,
                },
            });
            await Stage.EventAsync(run, EventType.ChildWorkflowExecutionStarted);
            await run.TerminateAsync("the parent goes");
            WorkflowHandle child = s.Client.GetWorkflowHandle(s.Id("child"));
            await s.NoteResultAsync(child, "child");
            await s.RecordAsync(child, "child");
            await s.RecordAsync(run);
        }),
        new("child.describe-pending", async s =>
        {
            s.Flow("child", Wait);
            Parent(s, async (w, options) => await Workflow.ExecuteChildWorkflowAsync<string>("child", [], options));
            s.Work();
            WorkflowHandle run = await s.StartAsync("main", s.Id("child"));
            await s.IdleAsync(run, EventType.ChildWorkflowExecutionStarted);
            await s.IdleAsync(s.Client.GetWorkflowHandle(s.Id("child")));
            s.NoteMessage("parent", await s.DescribeAsync(run));
            s.NoteMessage("child", await s.DescribeAsync(s.Client.GetWorkflowHandle(s.Id("child"))));
            await run.TerminateAsync();
        }),
    ];

    private static async Task<object?> Wait(ScriptedWorkflow workflow)
    {
        await workflow.ForNotesAsync(1);
        return workflow.AllNotes();
    }

    private static void Parent(Stage stage, Func<ScriptedWorkflow, ChildWorkflowOptions, Task<object?>> body) =>
        stage.Flow("main", w => body(w, new() { Id = w.Argument<string>() }));

    private static Scenario Cancelled(string name, ChildWorkflowCancellationType type) => new("child.cancelled-" + name, async s =>
    {
        s.Flow("child", Wait);
        Parent(s, async (w, options) =>
        {
            options.CancellationType = type;
            options.ParentClosePolicy = ParentClosePolicy.Abandon;
            return await Workflow.ExecuteChildWorkflowAsync<string>("child", [], options);
        });
        s.Work();
        WorkflowHandle run = await s.StartAsync("main", s.Id("child"));
        WorkflowHandle child = s.Client.GetWorkflowHandle(s.Id("child"));
        await s.IdleAsync(run, EventType.ChildWorkflowExecutionStarted);
        await s.IdleAsync(child);
        await run.CancelAsync();
        await s.EndAsync(run);
        if (type is ChildWorkflowCancellationType.Abandon or ChildWorkflowCancellationType.TryCancel)
        {
            // Also what was asked in the last task of a run: the server drops it with the run.
            await s.NoteAsync("child signalled", () => child.SignalAsync("note", ["still here"]));
        }

        await s.NoteResultAsync(child, "child");
    });

    private static Scenario Closed(string name, ParentClosePolicy policy, Temporalio.Api.Enums.V1.WorkflowExecutionStatus becomes) => new("parent-close." + name, async s =>
    {
        s.Flow("child", Wait);
        Parent(s, async (w, options) =>
        {
            options.ParentClosePolicy = policy;
            await Workflow.StartChildWorkflowAsync("child", [], options);
            await w.ForNotesAsync(1);
            return "parent ends";
        });
        s.Work();
        WorkflowHandle run = await s.StartAsync("main", s.Id("child"));
        WorkflowHandle child = s.Client.GetWorkflowHandle(s.Id("child"));
        await s.IdleAsync(run, EventType.ChildWorkflowExecutionStarted);
        await s.IdleAsync(child);
        await run.SignalAsync("note", ["end"]);
        await s.EndAsync(run);
        await s.WhenAsync(child, $"the child is {becomes}", d => d.WorkflowExecutionInfo.Status == becomes);
        await s.RecordAsync(child, "child");
        if (becomes == Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running)
        {
            await child.TerminateAsync();
        }
    });
}
