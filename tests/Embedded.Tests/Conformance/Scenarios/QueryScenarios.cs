using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Workflows;
using Xunit;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Queries: of runs idle, busy, closed and failed; that fail; with nobody to answer. None leaves a trace in the history.</summary>
public static class QueryScenarios
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("query.idle", async s =>
        {
            Waiting(s);
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            await s.NoteAsync("first", () => run.QueryAsync<string>("notes", []));
            await s.NoteAsync("again", () => run.QueryAsync<string>("notes", []));
            await run.SignalAsync("note", ["end"]);
            await s.EndAsync(run);
        }),
        new("query.idle-without-cache", async s =>
        {
            Waiting(s, 2);
            s.Work(o => o.MaxCachedWorkflows = 0);
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            await run.SignalAsync("note", ["a"]);
            await s.IdleAsync(run, EventType.WorkflowTaskCompleted, 2);
            await s.NoteAsync("notes", () => run.QueryAsync<string>("notes", []));
            await run.SignalAsync("note", ["end"]);
            await s.EndAsync(run);
        }),
        new("query.before-the-first-task", async s =>
        {
            Waiting(s);
            WorkflowHandle run = await s.StartAsync("main");
            Task<string> answer = run.QueryAsync<string>("notes", []);
            s.Work();
            await s.NoteAsync("notes", () => answer);
            await run.SignalAsync("note", ["end"]);
            await s.NoteResultAsync(run);
        }),
        new("query.while-a-task-is-started", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            var task = await Raw.PollAsync(s);
            Task<string> answer = run.QueryAsync<string>("notes", []);
            await run.SignalAsync("note", ["one"]);
            await Raw.CompleteAsync(s, task, Raw.StartTimer("t", 60));
            var next = await Raw.PollAsync(s);
            s.Note("queries in the task", next.Queries.Count + (next.Query is null ? 0 : 1));
            await Raw.CompleteAsync(s, next, r =>
            {
                foreach (string id in next.Queries.Keys)
                {
                    r.QueryResults[id] = new() { ResultType = QueryResultType.Answered, Answer = Raw.Several("answered") };
                }
            });
            await s.NoteAsync("answer", () => answer);
            await s.RecordAsync(run);
            await run.TerminateAsync();
        }),
        new("query.as-a-task-of-its-own", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            await Raw.CompleteAsync(s, await Raw.PollAsync(s), Raw.StartTimer("t", 60));
            Task<string> answer = run.QueryAsync<string>("notes", ["an argument"]);
            var task = await Raw.PollAsync(s);
            s.NoteMessage("query", task.Query);
            s.Note("events", task.History.Events.Count);
            s.Note("started event", task.StartedEventId);
            s.Note("previous started event", task.PreviousStartedEventId);
            await s.Service.RespondQueryTaskCompletedAsync(new()
            {
                Namespace = "default", TaskToken = task.TaskToken, CompletedType = QueryResultType.Failed, ErrorMessage = "I do not know",
            });
            await s.NoteAsync("answer", () => answer);
            await s.RecordAsync(run);
            await run.TerminateAsync();
        }),
        new("query.closed", async s =>
        {
            s.Flow("main", w =>
            {
                w.Notes.Add("at the end");
                return Task.FromResult<object?>(null);
            });
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.NoteResultAsync(run);
            await s.NoteAsync("notes", () => run.QueryAsync<string>("notes", []));
            await s.NoteAsync("rejected", () => run.QueryAsync<string>("notes", [], new() { RejectCondition = QueryRejectCondition.NotOpen }));
            await s.NoteAsync("not rejected", () => run.QueryAsync<string>("notes", [], new() { RejectCondition = QueryRejectCondition.NotCompletedCleanly }));
        }),
        new("query.failed-run", async s =>
        {
            s.Flow("main", w =>
            {
                w.Notes.Add("before the end");
                throw new ApplicationFailureException("ended");
            });
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.NoteResultAsync(run);
            await s.NoteAsync("notes", () => run.QueryAsync<string>("notes", []));
            await s.NoteAsync("rejected", () => run.QueryAsync<string>("notes", [], new() { RejectCondition = QueryRejectCondition.NotCompletedCleanly }));
        }),
        new("query.fails", async s =>
        {
            Waiting(s);
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            await s.NoteAsync("broken", () => run.QueryAsync<string>("broken", []));
            await s.NoteAsync("missing run", () => s.Client.GetWorkflowHandle(s.Id("nobody")).QueryAsync<string>("notes", []));
            await s.NoteAsync("unknown", async () =>
            {
                try
                {
                    return await run.QueryAsync<string>("no such query", []);
                }
                catch (WorkflowQueryFailedException)
                {
                    return "failed";
                }
            });
            await run.SignalAsync("note", ["end"]);
            await s.EndAsync(run);
        }),
        new("query.nobody-answers", async s =>
        {
            WorkflowHandle run = await s.StartAsync("main");

            // Whether the client or the server ends it first is a matter of milliseconds.
            var error = await Assert.ThrowsAnyAsync<RpcException>(
                () => run.QueryAsync<string>("notes", [], new() { Rpc = new() { Timeout = TimeSpan.FromSeconds(2) } }));
            s.Note("given up", error.Code is RpcException.StatusCode.Cancelled or RpcException.StatusCode.DeadlineExceeded);
            await s.RecordAsync(run);
            await run.TerminateAsync();
        }),
        new("query.busy-with-an-activity", async s =>
        {
            var finish = new TaskCompletionSource<object?>();
            s.Activity("work", _ => finish.Task);
            s.Flow("main", async w =>
            {
                w.Notes.Add("working");
                return await Workflow.ExecuteActivityAsync<string>("work", [], new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) });
            });
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            await s.NoteAsync("notes", () => run.QueryAsync<string>("notes", []));
            finish.SetResult("done");
            await s.EndAsync(run);
        }),
    ];

    private static void Waiting(Stage stage, int notes = 1) => stage.Flow("main", async w =>
    {
        await w.ForNotesAsync(notes);
        return w.AllNotes();
    });
}
