using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Starting workflows: options, policies for ids, deduplication, delays.</summary>
public static class StartScenarios
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("start.all-options", async s =>
        {
            s.Flow("main", async w => await Task.FromResult(w.Argument<string>() + "/" + w.Argument<int>(1)));
            s.Work();
            WorkflowHandle run = await s.StartAsync("main", new WorkflowOptions(s.Id("run"), s.Queue)
            {
                StaticSummary = "a summary",
                StaticDetails = "some details",
                Memo = new Dictionary<string, object> { ["ticket"] = "T-1" },
                TypedSearchAttributes = new SearchAttributeCollection.Builder().Set(ConformanceAttributes.Word, s.Unique).Set(ConformanceAttributes.Number, 7).ToSearchAttributeCollection(),
                ExecutionTimeout = TimeSpan.FromMinutes(5),
                RunTimeout = TimeSpan.FromMinutes(4),
                TaskTimeout = TimeSpan.FromSeconds(9),
                RetryPolicy = new() { MaximumAttempts = 3, InitialInterval = TimeSpan.FromSeconds(2), NonRetryableErrorTypes = ["Never"] },
            }, "one", 2);
            await s.EndAsync(run);
        }),
        new("start.no-arguments-no-result", async s =>
        {
            s.Flow("main", _ => Task.FromResult<object?>(null));
            s.Work();
            await s.EndAsync(await s.StartAsync("main"));
        }),
        new("start.failure-ends-the-run", async s =>
        {
            s.Flow("main", _ => throw new ApplicationFailureException("it broke", new InvalidOperationException("inside"), "Broke", details: ["why", 3]));
            s.Work();
            await s.EndAsync(await s.StartAsync("main"));
        }),
        Reuse("allow-duplicate-after-success", WorkflowIdReusePolicy.AllowDuplicate, fails: false),
        Reuse("allow-failed-only-after-success", WorkflowIdReusePolicy.AllowDuplicateFailedOnly, fails: false),
        Reuse("allow-failed-only-after-failure", WorkflowIdReusePolicy.AllowDuplicateFailedOnly, fails: true),
        Reuse("reject-after-failure", WorkflowIdReusePolicy.RejectDuplicate, fails: true),
        Running("conflict.fail", o => o.IdConflictPolicy = WorkflowIdConflictPolicy.Fail),
        Running("conflict.use-existing", o => o.IdConflictPolicy = WorkflowIdConflictPolicy.UseExisting),
        Running("conflict.terminate-existing", o => o.IdConflictPolicy = WorkflowIdConflictPolicy.TerminateExisting),
#pragma warning disable CS0612, CS0618 // The policy is old, and clients still send it.
        Running("conflict.reuse-policy-terminate-if-running", o => o.IdReusePolicy = WorkflowIdReusePolicy.TerminateIfRunning),
#pragma warning restore CS0612, CS0618
        Running("conflict.reject-duplicate-of-running", o => o.IdReusePolicy = WorkflowIdReusePolicy.RejectDuplicate),
        new("conflict.same-request-id", async s =>
        {
            WorkflowHandle first = await Raw.StartedAsync(s, r => r.RequestId = "the-same");
            WorkflowHandle second = await Raw.StartedAsync(s, r => r.RequestId = "the-same");
            s.Note("same run", first.RunId == second.RunId);
            await Raw.CompleteAsync(s, await Raw.PollAsync(s), Raw.CompleteWorkflow("done"));
            await s.NoteAsync("after the end", () => s.Service.StartWorkflowExecutionAsync(Raw.Start(s, r => r.RequestId = "the-same")));
            await s.RecordAsync(first);
        }),
        new("start.delay", async s =>
        {
            s.Flow("main", _ => Task.FromResult<object?>("late"));
            s.Work();
            WorkflowOptions options = s.Options();
            options.StartDelay = TimeSpan.FromSeconds(1);
            WorkflowHandle run = await s.StartAsync("main", options);
            await s.RecordAsync(run, "before");
            await s.EndAsync(run);
        }),
        new("start.delay-holds-a-signal", async s =>
        {
            s.Flow("main", async w =>
            {
                await w.ForNotesAsync(1);
                return w.AllNotes();
            });
            s.Work();
            WorkflowOptions options = s.Options();
            options.StartDelay = TimeSpan.FromSeconds(1.5);
            WorkflowHandle run = await s.StartAsync("main", options);
            await run.SignalAsync("note", ["now"]);
            await s.EndAsync(run);
        }),
        new("start.bad-requests", async s =>
        {
            await s.NoteAsync("no id", () => s.Service.StartWorkflowExecutionAsync(Raw.Start(s, r => r.WorkflowId = "")));
            await s.NoteAsync("no type", () => s.Service.StartWorkflowExecutionAsync(Raw.Start(s, r => r.WorkflowType = null)));
            await s.NoteAsync("no queue", () => s.Service.StartWorkflowExecutionAsync(Raw.Start(s, r => r.TaskQueue = null)));
            await s.NoteAsync("no namespace", () => s.Service.StartWorkflowExecutionAsync(Raw.Start(s, r => r.Namespace = "")));
            await s.NoteAsync("unknown namespace", () => s.Service.StartWorkflowExecutionAsync(Raw.Start(s, r => r.Namespace = "nowhere")));
            await s.NoteAsync("negative timeout", () => s.Service.StartWorkflowExecutionAsync(Raw.Start(s, r => r.WorkflowRunTimeout = Raw.Seconds(-1))));
            await s.NoteAsync("long id", () => s.Service.StartWorkflowExecutionAsync(Raw.Start(s, r => r.WorkflowId = new string('x', 1001))));
            await s.NoteAsync("bad cron", () => s.Service.StartWorkflowExecutionAsync(Raw.Start(s, r => r.CronSchedule = "at noon")));
            await s.NoteAsync("cron and delay", () => s.Service.StartWorkflowExecutionAsync(Raw.Start(s, r =>
            {
                r.CronSchedule = "* * * * *";
                r.WorkflowStartDelay = Raw.Seconds(1);
            })));
            await s.NoteAsync("unknown attribute", () => s.Service.StartWorkflowExecutionAsync(Raw.Start(s, r =>
                r.SearchAttributes = new() { IndexedFields = { ["Nobody"] = Raw.Json("x") } })));
            await s.NoteAsync("both policies", () => s.Service.StartWorkflowExecutionAsync(Raw.Start(s, r =>
            {
#pragma warning disable CS0612, CS0618
                r.WorkflowIdReusePolicy = WorkflowIdReusePolicy.TerminateIfRunning;
#pragma warning restore CS0612, CS0618
                r.WorkflowIdConflictPolicy = WorkflowIdConflictPolicy.Fail;
            })));
        }),
        new("start.bad-search-attribute-value", s => s.NoteAsync("text for a number", () => s.Service.StartWorkflowExecutionAsync(Raw.Start(s, r =>
            r.SearchAttributes = new() { IndexedFields = { ["ConformNumber"] = Raw.Json("many", "Int") } })))),
        new("start.run-timeout", async s =>
        {
            s.Flow("main", async w =>
            {
                await w.ForNotesAsync(1);
                return null;
            });
            s.Work();
            WorkflowOptions options = s.Options();
            options.RunTimeout = TimeSpan.FromSeconds(1);
            await s.EndAsync(await s.StartAsync("main", options));
        }),
        new("start.execution-timeout-bounds-retries", async s =>
        {
            s.Flow("main", _ => throw new ApplicationFailureException("again"));
            s.Work();
            WorkflowOptions options = s.Options();
            options.ExecutionTimeout = TimeSpan.FromSeconds(2);
            options.RetryPolicy = new() { InitialInterval = TimeSpan.FromSeconds(30) };
            await s.EndAsync(await s.StartAsync("main", options));
        }),
    ];

    private static Scenario Reuse(string name, WorkflowIdReusePolicy policy, bool fails) => new("reuse." + name, async s =>
    {
        s.Flow("main", _ => fails ? throw new ApplicationFailureException("no", "No") : Task.FromResult<object?>("first"));
        s.Flow("second", _ => Task.FromResult<object?>("second"));
        s.Work();
        WorkflowHandle first = await s.StartAsync("main");
        await s.NoteResultAsync(first);
        WorkflowOptions options = s.Options();
        options.IdReusePolicy = policy;
        await s.NoteAsync("again", async () => await (await s.StartAsync("second", options)).GetResultAsync<string>());
        await s.RecordAsync(s.Client.GetWorkflowHandle(first.Id));
    });

    private static Scenario Running(string name, Action<WorkflowOptions> change) => new(name, async s =>
    {
        s.Flow("main", async w =>
        {
            await w.ForNotesAsync(1);
            return w.AllNotes();
        });
        s.Work();
        WorkflowOptions one = s.Options();
        WorkflowHandle first = await s.StartAsync("main", one);
        await s.IdleAsync(first);
        WorkflowOptions options = s.Options();
        change(options);
        await s.NoteAsync("again", async () =>
        {
            WorkflowHandle second = await s.StartAsync("main", options);
            return second.ResultRunId == first.ResultRunId ? "the same run" : "another run";
        });
        await s.IdleAsync(s.Client.GetWorkflowHandle(first.Id));
        await s.Client.GetWorkflowHandle(first.Id).SignalAsync("note", ["end"]);
        await s.NoteResultAsync(first, "first");
        await s.NoteResultAsync(s.Client.GetWorkflowHandle(first.Id), "latest");
        await s.RecordAsync(s.Client.GetWorkflowHandle(first.Id, first.ResultRunId), "first");
        await s.RecordAsync(s.Client.GetWorkflowHandle(first.Id), "latest");
    });
}
