using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>What is too large or too much, on every way into a history, and what becomes of who sent it.</summary>
public static class LimitScenarios
{
    private static readonly string Huge = new('x', (2 * 1024 * 1024) + 10);
    private static readonly string Large = new('x', 1_900_000);

    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("limit.requests-of-clients", async s =>
        {
            await s.NoteAsync("start", () => Raw.StartedAsync(s, r => r.Input = Raw.Several(Huge)));
            await s.NoteAsync("memo", () => Raw.StartedAsync(s, r => r.Memo = new() { Fields = { ["k"] = Raw.Json(Huge) } }));
            WorkflowHandle run = await Raw.StartedAsync(s);
            var execution = new Temporalio.Api.Common.V1.WorkflowExecution { WorkflowId = run.Id };
            await s.NoteAsync("signal", () => s.Service.SignalWorkflowExecutionAsync(
                new() { Namespace = "default", WorkflowExecution = execution, SignalName = "note", Input = Raw.Several(Huge) }));
            await s.NoteAsync("status", async () => (await run.DescribeAsync()).Status.ToString());
            await s.NoteAsync("update", () => s.Service.UpdateWorkflowExecutionAsync(new()
            {
                Namespace = "default",
                WorkflowExecution = execution,
                Request = new() { Meta = new() { UpdateId = "u" }, Input = new() { Name = "add", Args = Raw.Several(Huge) } },
            }));
            await s.NoteAsync("signal with start", () => s.Service.SignalWithStartWorkflowExecutionAsync(new()
            {
                Namespace = "default",
                WorkflowId = s.Id("other"),
                WorkflowType = new() { Name = "main" },
                TaskQueue = new() { Name = s.Queue },
                SignalName = "note",
                SignalInput = Raw.Several(Huge),
                RequestId = "one",
            }));
            await s.NoteAsync("query", () => s.Service.QueryWorkflowAsync(
                new() { Namespace = "default", Execution = execution, Query = new() { QueryType = "notes", QueryArgs = Raw.Several(Huge) } }));
            await s.NoteAsync("terminate", () => s.Service.TerminateWorkflowExecutionAsync(
                new() { Namespace = "default", WorkflowExecution = execution, Details = Raw.Several(Huge) }));
            await s.NoteAsync("status", async () => (await run.DescribeAsync()).Status.ToString());
        }),
        Answer("limit.activity-result", (s, task) => s.Service.RespondActivityTaskCompletedAsync(
            new() { Namespace = "default", TaskToken = task.TaskToken, Identity = "raw", Result = Raw.Several(Huge) })),
        Answer("limit.activity-failure", (s, task) => s.Service.RespondActivityTaskFailedAsync(new()
        {
            Namespace = "default",
            TaskToken = task.TaskToken,
            Identity = "raw",
            Failure = new() { Message = Huge, ApplicationFailureInfo = new() { Type = "Big", NonRetryable = true } },
        })),
        Answer("limit.activity-heartbeat", async (s, task) =>
        {
            RecordActivityTaskHeartbeatResponse beat = await s.Service.RecordActivityTaskHeartbeatAsync(
                new() { Namespace = "default", TaskToken = task.TaskToken, Identity = "raw", Details = Raw.Several(Huge) });
            s.NoteMessage("beat", beat);
        }),
        Answer("limit.activity-cancel-details", (s, task) => s.Service.RespondActivityTaskCanceledAsync(
            new() { Namespace = "default", TaskToken = task.TaskToken, Identity = "raw", Details = Raw.Several(Huge) })),
        Commands("limit.command-activity-input", s => Raw.Schedule(s, "a", a => a.Input = Raw.Several(Huge))),
        Commands("limit.command-result", _ => Raw.CompleteWorkflow(Huge)),
        Commands("limit.command-failure", _ => new()
        {
            CommandType = CommandType.FailWorkflowExecution,
            FailWorkflowExecutionCommandAttributes = new() { Failure = new() { Message = Huge, ApplicationFailureInfo = new() { Type = "Big" } } },
        }),
        Commands("limit.command-marker", _ => new()
        {
            CommandType = CommandType.RecordMarker,
            RecordMarkerCommandAttributes = new() { MarkerName = "m", Details = { ["d"] = Raw.Several(Huge) } },
        }),
        Commands("limit.command-child-input", s => new()
        {
            CommandType = CommandType.StartChildWorkflowExecution,
            StartChildWorkflowExecutionCommandAttributes = new() { WorkflowId = s.Id("child"), WorkflowType = new() { Name = "child" }, Input = Raw.Several(Huge) },
        }),
        Commands("limit.command-signal", s => new()
        {
            CommandType = CommandType.SignalExternalWorkflowExecution,
            SignalExternalWorkflowExecutionCommandAttributes = new() { Execution = new() { WorkflowId = s.Id("other") }, SignalName = "note", Input = Raw.Several(Huge) },
        }),
        Commands("limit.command-next-input", _ => new()
        {
            CommandType = CommandType.ContinueAsNewWorkflowExecution,
            ContinueAsNewWorkflowExecutionCommandAttributes = new() { WorkflowType = new() { Name = "main" }, Input = Raw.Several(Huge) },
        }),
        Commands("limit.command-memo", _ => new()
        {
            CommandType = CommandType.ModifyWorkflowProperties,
            ModifyWorkflowPropertiesCommandAttributes = new() { UpsertedMemo = new() { Fields = { ["k"] = Raw.Json(Huge) } } },
        }),
        new("limit.query-answer", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            await Raw.CompleteAsync(s, await Raw.PollAsync(s), Raw.StartTimer("t", 60));
            Task<string> query = run.QueryAsync<string>("notes", []);
            PollWorkflowTaskQueueResponse task = await Raw.PollAsync(s);
            await s.NoteAsync("answer", () => s.Service.RespondQueryTaskCompletedAsync(new()
            {
                Namespace = "default", TaskToken = task.TaskToken, CompletedType = QueryResultType.Answered, QueryResult = Raw.Several(Huge),
            }));
            await s.NoteAsync("query", async () => (await query).Length);
            await run.TerminateAsync("over");
        }),
        new("limit.continue-as-new-is-suggested", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            for (int i = 0; i < 3; i++)
            {
                await Raw.CompleteAsync(s, await Raw.PollAsync(s), Raw.StartTimer($"t{i}", 60));
                await SignalAsync(s, run);
            }

            PollWorkflowTaskQueueResponse last = await Raw.PollAsync(s);
            var history = await run.FetchHistoryAsync();
            s.Note("suggested", string.Join(",", history.Events.Where(e => e.WorkflowTaskStartedEventAttributes is not null)
                .Select(e => e.WorkflowTaskStartedEventAttributes.SuggestContinueAsNew)));
            await Raw.CompleteAsync(s, last);
            await run.TerminateAsync("over");
        }),
        new("limit.history-of-50-megabytes", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            for (int i = 0; i < 29; i++)
            {
                await s.NoteAsync($"signal {i}", () => SignalAsync(s, run));
            }

            await s.NoteAsync("status", async () => (await run.DescribeAsync()).Status.ToString());
            s.NoteMessage("end", (await Last(s, run)).WorkflowExecutionTerminatedEventAttributes);
        }),
    ];

    private static async Task<Temporalio.Api.History.V1.HistoryEvent> Last(Stage stage, WorkflowHandle run) => (await stage.Service.GetWorkflowExecutionHistoryAsync(new()
    {
        Namespace = "default",
        Execution = new() { WorkflowId = run.Id },
        HistoryEventFilterType = HistoryEventFilterType.CloseEvent,
    })).History.Events[0];

    private static Task<SignalWorkflowExecutionResponse> SignalAsync(Stage stage, WorkflowHandle run) => stage.Service.SignalWorkflowExecutionAsync(
        new() { Namespace = "default", WorkflowExecution = new() { WorkflowId = run.Id }, SignalName = "note", Input = Raw.Several(Large) });

    /// <summary>An activity's worker answers with too much.</summary>
    private static Scenario Answer(string name, Func<Stage, PollActivityTaskQueueResponse, Task> answer) => new(name, async s =>
    {
        WorkflowHandle run = await Raw.StartedAsync(s);
        await Raw.CompleteAsync(s, await Raw.PollAsync(s), Raw.Schedule(s, "a", a =>
        {
            a.HeartbeatTimeout = Raw.Seconds(5);
            a.RetryPolicy = new() { MaximumAttempts = 1 };
        }));
        PollActivityTaskQueueResponse task = await Raw.PollActivityAsync(s);
        await s.NoteAsync("answer", () => answer(s, task));
        await s.NoteAsync("status", async () => (await run.DescribeAsync()).Status.ToString());
        if (name.EndsWith("heartbeat", StringComparison.Ordinal) || name.EndsWith("details", StringComparison.Ordinal))
        {
            await s.NoteAsync("terminate", () => run.TerminateAsync("over"));
        }

        await s.RecordAsync(run);
    });

    /// <summary>A workflow's worker answers with too large a command.</summary>
    private static Scenario Commands(string name, Func<Stage, Command> command) => new(name, async s =>
    {
        WorkflowHandle run = await Raw.StartedAsync(s);
        PollWorkflowTaskQueueResponse task = await Raw.PollAsync(s);
        await s.NoteAsync("answer", () => Raw.CompleteAsync(s, task, command(s)));
        await s.NoteAsync("status", async () => (await run.DescribeAsync()).Status.ToString());
        await s.RecordAsync(run);
        await s.NoteAsync("terminate", () => run.TerminateAsync("over"));
    });
}
