using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Workflows;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Reading histories: pages, long polls, the last event, backwards; deleting runs.</summary>
public static class HistoryScenarios
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("history.pages", async s =>
        {
            WorkflowHandle run = await TimersAsync(s);
            var request = new GetWorkflowExecutionHistoryRequest { Namespace = "default", Execution = new() { WorkflowId = run.Id }, MaximumPageSize = 3 };
            var seen = new List<long>();
            do
            {
                GetWorkflowExecutionHistoryResponse page = await s.Service.GetWorkflowExecutionHistoryAsync(request);
                seen.AddRange(page.History.Events.Select(e => e.EventId));
                request.NextPageToken = page.NextPageToken;
            }
            while (!request.NextPageToken.IsEmpty);
            s.Note("events", string.Join(",", seen));
        }),
        new("history.backwards", async s =>
        {
            WorkflowHandle run = await TimersAsync(s);
            var request = new GetWorkflowExecutionHistoryReverseRequest { Namespace = "default", Execution = new() { WorkflowId = run.Id }, MaximumPageSize = 3 };
            var seen = new List<long>();
            do
            {
                GetWorkflowExecutionHistoryReverseResponse page = await s.Service.GetWorkflowExecutionHistoryReverseAsync(request);
                seen.AddRange(page.History.Events.Select(e => e.EventId));
                request.NextPageToken = page.NextPageToken;
            }
            while (!request.NextPageToken.IsEmpty);
            s.Note("events", string.Join(",", seen));
        }),
        new("history.long-poll-waits-for-news", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            var request = new GetWorkflowExecutionHistoryRequest { Namespace = "default", Execution = new() { WorkflowId = run.Id }, WaitNewEvent = true };
            GetWorkflowExecutionHistoryResponse first = await s.Service.GetWorkflowExecutionHistoryAsync(request);
            s.Note("first", string.Join(",", first.History.Events.Select(e => e.EventType)));
            request.NextPageToken = first.NextPageToken;
            Task<GetWorkflowExecutionHistoryResponse> next = s.Service.GetWorkflowExecutionHistoryAsync(request);
            await run.SignalAsync("note", ["news"]);
            GetWorkflowExecutionHistoryResponse news = await next;
            s.Note("news", string.Join(",", news.History.Events.Select(e => e.EventType)));
            s.Note("more to come", !news.NextPageToken.IsEmpty);
            await run.TerminateAsync();
        }),
        new("history.close-event-only", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            var request = new GetWorkflowExecutionHistoryRequest
            {
                Namespace = "default", Execution = new() { WorkflowId = run.Id }, HistoryEventFilterType = HistoryEventFilterType.CloseEvent,
            };
            GetWorkflowExecutionHistoryResponse now = await s.Service.GetWorkflowExecutionHistoryAsync(request);
            s.Note("while running", string.Join(",", now.History.Events.Select(e => e.EventType)));
            request.WaitNewEvent = true;
            Task<GetWorkflowExecutionHistoryResponse> close = s.Service.GetWorkflowExecutionHistoryAsync(request);
            await run.TerminateAsync("end");
            GetWorkflowExecutionHistoryResponse closed = await close;
            s.Note("closed", string.Join(",", closed.History.Events.Select(e => e.EventType)));
            s.Note("more to come", !closed.NextPageToken.IsEmpty);
        }),
        new("history.missing", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            await s.NoteAsync("workflow", () => s.Service.GetWorkflowExecutionHistoryAsync(new() { Namespace = "default", Execution = new() { WorkflowId = s.Id("nobody") } }));
            await s.NoteAsync("run", () => s.Service.GetWorkflowExecutionHistoryAsync(new() { Namespace = "default", Execution = new() { WorkflowId = run.Id, RunId = Guid.NewGuid().ToString() } }));
            await s.NoteAsync("nothing named", () => s.Service.GetWorkflowExecutionHistoryAsync(new() { Namespace = "default" }));
            await s.NoteAsync("bad token", () => s.Service.GetWorkflowExecutionHistoryAsync(
                new() { Namespace = "default", Execution = new() { WorkflowId = run.Id }, NextPageToken = Google.Protobuf.ByteString.CopyFromUtf8("zzz") }));
            await run.TerminateAsync();
        }),
        new("history.of-a-run-that-follows", async s =>
        {
            s.Flow("main", w => w.ArgumentCount == 0 ? throw Workflow.CreateContinueAsNewException("main", ["x"]) : Task.FromResult<object?>("end"));
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.NoteResultAsync(run);
            await s.NoteAsync("events of the first", async () => (await s.Client.GetWorkflowHandle(run.Id, run.ResultRunId).FetchHistoryAsync()).Events.Count);
            await s.NoteAsync("events of the latest", async () => (await s.Client.GetWorkflowHandle(run.Id).FetchHistoryAsync()).Events.Count);
        }),
    ];

    private static async Task<WorkflowHandle> TimersAsync(Stage stage)
    {
        stage.Flow("main", async w =>
        {
            for (int i = 0; i < 3; i++)
            {
                await Workflow.DelayAsync(20);
            }

            return "done";
        });
        stage.Work();
        WorkflowHandle run = await stage.StartAsync("main");
        await stage.NoteResultAsync(run);
        return run;
    }
}
