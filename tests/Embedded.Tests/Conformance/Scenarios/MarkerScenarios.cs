using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Markers, search attributes, memo, summaries and details, and what describe tells of them.</summary>
public static class MarkerScenarios
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("marker.patch", async s =>
        {
            s.Flow("main", async w =>
            {
                string way = Workflow.Patched("new-way") ? "new" : "old";
                await w.ForNotesAsync(1);
                return way + (Workflow.Patched("new-way") ? "new" : "old");
            });
            s.Work(o => o.MaxCachedWorkflows = 0);
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            await run.SignalAsync("note", ["a"]);
            await s.EndAsync(run);
        }),
        new("marker.local-activity", async s =>
        {
            s.Activity("local", call => Task.FromResult<object?>("here"));
            s.Flow("main", async w => await Workflow.ExecuteLocalActivityAsync<string>("local", ["in"], new() { StartToCloseTimeout = Long }));
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.NoteResultAsync(run);
            await s.RecordAsync(run);
        }),
        new("marker.local-activity-retried", async s =>
        {
            s.Activity("local", call => call.Attempt < 3 ? throw new ApplicationFailureException("again") : Task.FromResult<object?>(call.Attempt));
            s.Flow("main", async w => await Workflow.ExecuteLocalActivityAsync<int>("local", [], new()
            {
                StartToCloseTimeout = Long, RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(50) },
            }));
            s.Work();
            await s.NoteResultAsync(await s.StartAsync("main"));
        }),
        new("marker.long-local-activity-beats-its-task", async s =>
        {
            s.Activity("local", async call =>
            {
                using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2));
                await timer.WaitForNextTickAsync(call.Context.CancellationToken);
                return "slowly";
            });
            s.Flow("main", async w => await Workflow.ExecuteLocalActivityAsync<string>("local", [], new() { StartToCloseTimeout = Long }));
            s.Work();
            WorkflowOptions options = s.Options();
            options.TaskTimeout = TimeSpan.FromSeconds(1);
            WorkflowHandle run = await s.StartAsync("main", options);
            await s.NoteResultAsync(run);
            var events = (await run.FetchHistoryAsync()).Events;
            s.Note("timed out tasks", events.Count(e => e.EventType == EventType.WorkflowTaskTimedOut));
            s.Note("more than one task", events.Count(e => e.EventType == EventType.WorkflowTaskCompleted) > 1);
        }),
        new("marker.on-the-wire", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            await Raw.CompleteAsync(s, await Raw.PollAsync(s),
                new Temporalio.Api.Command.V1.Command
                {
                    CommandType = CommandType.RecordMarker,
                    RecordMarkerCommandAttributes = new() { MarkerName = "mine", Details = { ["d"] = Raw.Several(1, "two") }, Failure = Raw.Failure("kept") },
                    UserMetadata = new() { Summary = Raw.Json("why") },
                },
                Raw.CompleteWorkflow("done"));
            await s.EndAsync(run);
        }),
        new("attributes.upsert", async s =>
        {
            s.Flow("main", async w =>
            {
                Workflow.UpsertTypedSearchAttributes(ConformanceAttributes.Number.ValueSet(2), ConformanceAttributes.Words.ValueSet(["a", "b"]), ConformanceAttributes.Share.ValueSet(0.5));
                await Workflow.DelayAsync(50);
                Workflow.UpsertTypedSearchAttributes(ConformanceAttributes.Number.ValueUnset(), ConformanceAttributes.Flag.ValueSet(true));
                await w.ForNotesAsync(1);
                return Workflow.TypedSearchAttributes.Count;
            });
            s.Work();
            WorkflowOptions options = s.Options();
            options.TypedSearchAttributes = new SearchAttributeCollection.Builder().Set(ConformanceAttributes.Word, "w").Set(ConformanceAttributes.Number, 1)
                .Set(ConformanceAttributes.Moment, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)).ToSearchAttributeCollection();
            WorkflowHandle run = await s.StartAsync("main", options);
            await s.IdleAsync(run, EventType.TimerFired);
            s.NoteMessage("describe", await s.DescribeAsync(run));
            await run.SignalAsync("note", ["end"]);
            await s.EndAsync(run);
        }),
        new("memo.upsert", async s =>
        {
            s.Flow("main", async w =>
            {
                Workflow.UpsertMemo(MemoUpdate.ValueSet("b", 2), MemoUpdate.ValueUnset("a"));
                await w.ForNotesAsync(1);
                return Workflow.Memo.Count;
            });
            s.Work();
            WorkflowOptions options = s.Options();
            options.Memo = new Dictionary<string, object> { ["a"] = 1, ["c"] = "x" };
            WorkflowHandle run = await s.StartAsync("main", options);
            await s.IdleAsync(run);
            s.NoteMessage("describe", await s.DescribeAsync(run));
            await run.SignalAsync("note", ["end"]);
            await s.EndAsync(run);
        }),
        new("details.current", async s =>
        {
            s.Flow("main", async w =>
            {
                Workflow.CurrentDetails = "**step one**";
                await w.ForNotesAsync(1);
                return null;
            });
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            await s.NoteAsync("metadata", async () => (await run.QueryAsync<Temporalio.Api.Sdk.V1.WorkflowMetadata>("__temporal_workflow_metadata", [])).CurrentDetails);
            await run.SignalAsync("note", ["end"]);
            await s.NoteResultAsync(run);
        }),
        new("describe.running-closed-missing", async s =>
        {
            s.Flow("main", async w =>
            {
                await w.ForNotesAsync(1);
                return null;
            });
            s.Work();
            WorkflowOptions options = s.Options();
            options.StaticSummary = "summary";
            options.StaticDetails = "details";
            options.RunTimeout = TimeSpan.FromMinutes(1);
            WorkflowHandle run = await s.StartAsync("main", options);
            await s.IdleAsync(run);
            s.NoteMessage("running", await s.DescribeAsync(run));
            await run.SignalAsync("note", ["end"]);
            await s.NoteResultAsync(run);
            s.NoteMessage("closed", await s.DescribeAsync(run));
            await s.NoteAsync("missing", () => s.DescribeAsync(s.Client.GetWorkflowHandle(s.Id("nobody"))));
            await s.NoteAsync("missing run", () => s.DescribeAsync(s.Client.GetWorkflowHandle(run.Id, Guid.NewGuid().ToString())));
        }),
        new("describe.task-pending", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            s.NoteMessage("waiting", await s.DescribeAsync(run));
            await Raw.PollAsync(s);
            s.NoteMessage("started", await s.DescribeAsync(run));
            await run.TerminateAsync();
        }),
    ];
}
