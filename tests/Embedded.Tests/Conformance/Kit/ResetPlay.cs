using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Workflows;
using ParentClosePolicy = Temporalio.Workflows.ParentClosePolicy;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>What the scenarios of resets share.</summary>
public static class ResetPlay
{
    /// <summary>"main" waits for so many notes.</summary>
    public static void Waiting(Stage stage, int notes) => stage.Flow("main", async w =>
    {
        await w.ForNotesAsync(notes);
        return w.AllNotes();
    });

    /// <summary>A run that waits for three notes and has two, each in a task of its own.</summary>
    public static async Task<WorkflowHandle> SignalledAsync(Stage stage)
    {
        Waiting(stage, 3);
        stage.Work();
        WorkflowHandle run = await StartedAsync(stage, "main");
        await stage.IdleAsync(run);
        await run.SignalAsync("note", ["a"]);
        await stage.IdleAsync(run, EventType.WorkflowTaskCompleted, 2);
        await run.SignalAsync("note", ["b"]);
        await stage.IdleAsync(run, EventType.WorkflowTaskCompleted, 3);
        return run;
    }

    /// <summary>Starts a workflow; the handle stands for this run and no later one.</summary>
    public static async Task<WorkflowHandle> StartedAsync(Stage stage, string type, params object?[] arguments) =>
        stage.Client.GetWorkflowHandle(stage.Id("run"), (await stage.StartAsync(type, arguments)).ResultRunId);

    /// <summary>A run whose child runs; both wait for a note.</summary>
    public static async Task<(WorkflowHandle Run, WorkflowHandle Child)> ParentAsync(Stage stage, ParentClosePolicy policy)
    {
        stage.Flow("child", async w =>
        {
            await w.ForNotesAsync(1);
            return w.AllNotes();
        });
        stage.Flow("main", async w =>
        {
            await w.ForNotesAsync(1);
            string answer = await Workflow.ExecuteChildWorkflowAsync<string>("child", [], new()
            {
                Id = w.Argument<string>(),
                ParentClosePolicy = policy,
            });
            await w.ForNotesAsync(2);
            return answer;
        });
        stage.Work();
        WorkflowHandle run = await StartedAsync(stage, "main", stage.Id("child"));
        await stage.IdleAsync(run);
        await run.SignalAsync("note", ["begin"]);
        await stage.IdleAsync(run, EventType.ChildWorkflowExecutionStarted);
        return (run, stage.Client.GetWorkflowHandle(stage.Id("child")));
    }

    /// <summary>The run that a run continued as.</summary>
    public static async Task<WorkflowHandle> NextAsync(Stage stage, WorkflowHandle run) => stage.Client.GetWorkflowHandle(
        run.Id, (await run.FetchHistoryAsync()).Events.Last().WorkflowExecutionContinuedAsNewEventAttributes.NewExecutionRunId);

    /// <summary>A request to reset a run to the task that ends with this event.</summary>
    public static ResetWorkflowExecutionRequest Request(Stage stage, WorkflowHandle run, long finish) => new()
    {
        Namespace = stage.Client.Options.Namespace,
        WorkflowExecution = new() { WorkflowId = run.Id, RunId = run.RunId ?? "" },
        Reason = "scenario",
        Identity = "raw",
        WorkflowTaskFinishEventId = finish,
        RequestId = Guid.NewGuid().ToString(),
    };

    /// <summary>Resets a run to the nth completion of a workflow task.</summary>
    public static async Task<WorkflowHandle> ResetAsync(Stage stage, WorkflowHandle run, int task, Action<ResetWorkflowExecutionRequest>? change = null)
    {
        var history = await run.FetchHistoryAsync();
        long finish = history.Events.Where(e => e.EventType == EventType.WorkflowTaskCompleted).ElementAt(task - 1).EventId;
        ResetWorkflowExecutionRequest request = Request(stage, run, finish);
        change?.Invoke(request);
        ResetWorkflowExecutionResponse response = await stage.Service.ResetWorkflowExecutionAsync(request);
        return stage.Client.GetWorkflowHandle(run.Id, response.RunId);
    }
}
