using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Chains of runs: continue-as-new, retries of workflows, cron.</summary>
public static class ChainScenarios
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("chain.continue-as-new", async s =>
        {
            s.Flow("main", w => w.Argument<int>() < 2 ? throw Workflow.CreateContinueAsNewException("main", [w.Argument<int>() + 1]) : Task.FromResult<object?>("end"));
            s.Work();
            WorkflowHandle run = await s.StartAsync("main", 1);
            await s.NoteAsync("of the first run alone", () => run.GetResultAsync<object?>(followRuns: false));
            await s.EndAsync(run);
            await s.RecordAsync(s.Client.GetWorkflowHandle(run.Id, run.ResultRunId), "first run");
            await s.RecordAsync(s.Client.GetWorkflowHandle(run.Id), "last run");
        }),
        new("chain.continue-as-new-carries-what-it-should", async s =>
        {
            s.Flow("main", w => throw Workflow.CreateContinueAsNewException("next", ["x"]));
            s.Flow("next", w => Task.FromResult<object?>(Workflow.Memo.Count + "/" + Workflow.TypedSearchAttributes.Count));
            s.Work();
            WorkflowOptions options = s.Options();
            options.Memo = new Dictionary<string, object> { ["kept"] = "yes" };
            options.TypedSearchAttributes = new SearchAttributeCollection.Builder().Set(ConformanceAttributes.Word, "kept").ToSearchAttributeCollection();
            options.RunTimeout = TimeSpan.FromSeconds(50);
            options.TaskTimeout = TimeSpan.FromSeconds(8);
            options.RetryPolicy = new() { MaximumAttempts = 4 };
            options.StaticSummary = "kept?";
            WorkflowHandle run = await s.StartAsync("main", options);
            await s.NoteResultAsync(run);
            await s.RecordAsync(s.Client.GetWorkflowHandle(run.Id, run.ResultRunId), "first run");
            await s.RecordAsync(s.Client.GetWorkflowHandle(run.Id), "last run");
        }),
        new("chain.continue-as-new-with-other-options", async s =>
        {
            s.Flow("main", w => throw Workflow.CreateContinueAsNewException("next", [], new()
            {
                RunTimeout = TimeSpan.FromSeconds(40),
                TaskTimeout = TimeSpan.FromSeconds(6),
                Memo = new Dictionary<string, object> { ["new"] = 1 },
                TypedSearchAttributes = new SearchAttributeCollection.Builder().Set(ConformanceAttributes.Number, 3).ToSearchAttributeCollection(),
                RetryPolicy = new() { MaximumAttempts = 5 },
            }));
            s.Flow("next", w => Task.FromResult<object?>("end"));
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.NoteResultAsync(run);
            await s.RecordAsync(s.Client.GetWorkflowHandle(run.Id, run.ResultRunId), "first run");
            await s.RecordAsync(s.Client.GetWorkflowHandle(run.Id), "last run");
        }),
        new("chain.signal-during-continue-as-new", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            var task = await Raw.PollAsync(s);
            await run.SignalAsync("note", ["unseen"]);
            await s.NoteAsync("continue", () => Raw.CompleteAsync(s, task, ContinueAsNew()));
            var second = await Raw.PollAsync(s);
            s.Note("attempt", second.Attempt);
            await Raw.CompleteAsync(s, second, ContinueAsNew());
            await s.RecordAsync(run, "first run");
            await s.Client.GetWorkflowHandle(run.Id).TerminateAsync();
        }),
        new("chain.workflow-retry", async s =>
        {
            s.Flow("main", _ => Workflow.Info.Attempt < 3 ? throw new ApplicationFailureException($"attempt {Workflow.Info.Attempt}", "Again") : Task.FromResult<object?>("third"));
            s.Work();
            WorkflowOptions options = s.Options();
            options.RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(1100), BackoffCoefficient = 1 };
            WorkflowHandle run = await s.StartAsync("main", options);
            await s.NoteResultAsync(run);
            await s.RecordAsync(s.Client.GetWorkflowHandle(run.Id, run.ResultRunId), "first run");
            await s.RecordAsync(s.Client.GetWorkflowHandle(run.Id), "last run");
        }),
        new("chain.workflow-retry-gives-up", async s =>
        {
            s.Flow("main", _ => throw new ApplicationFailureException("no", "No"));
            s.Work();
            WorkflowOptions options = s.Options();
            options.RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(1100), MaximumAttempts = 2 };
            WorkflowHandle run = await s.StartAsync("main", options);
            await s.NoteResultAsync(run);
            await s.RecordAsync(s.Client.GetWorkflowHandle(run.Id), "last run");
        }),
        new("chain.workflow-retry-not-for-this-type", async s =>
        {
            s.Flow("main", _ => throw new ApplicationFailureException("no", "Fatal"));
            s.Work();
            WorkflowOptions options = s.Options();
            options.RetryPolicy = new() { NonRetryableErrorTypes = ["Fatal"] };
            await s.EndAsync(await s.StartAsync("main", options));
        }),
        new("chain.run-timeout-is-retried", async s =>
        {
            s.Flow("main", async w =>
            {
                if (Workflow.Info.Attempt == 1)
                {
                    await w.ForNotesAsync(1);
                }

                return "second";
            });
            s.Work();
            WorkflowOptions options = s.Options();
            options.RunTimeout = TimeSpan.FromSeconds(1.5);
            options.RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(100), MaximumAttempts = 2 };
            WorkflowHandle run = await s.StartAsync("main", options);
            await s.NoteResultAsync(run);
            await s.RecordAsync(s.Client.GetWorkflowHandle(run.Id, run.ResultRunId), "first run");
            await s.RecordAsync(s.Client.GetWorkflowHandle(run.Id), "last run");
        }),
        new("chain.cron", async s =>
        {
            s.Flow("main", w => Task.FromResult<object?>("tick"));
            s.Work();
            WorkflowOptions options = s.Options();
            options.CronSchedule = "@every 2s";
            WorkflowHandle run = await s.StartAsync("main", options);
            WorkflowHandle first = s.Client.GetWorkflowHandle(run.Id, run.ResultRunId);
            await s.NoteAsync("first run", () => first.GetResultAsync<object?>(followRuns: false));
            string closed = run.ResultRunId!;
            WorkflowHandle latest = s.Client.GetWorkflowHandle(run.Id);
            await s.WhenAsync(latest, "a second run", d => d.WorkflowExecutionInfo.Execution.RunId != closed);
            string second = (await s.DescribeAsync(latest)).WorkflowExecutionInfo.Execution.RunId;
            await s.NoteAsync("second run", () => s.Client.GetWorkflowHandle(run.Id, second).GetResultAsync<object?>(followRuns: false));
            await latest.TerminateAsync("enough");
            await s.RecordAsync(first, "first run");
            await s.RecordAsync(s.Client.GetWorkflowHandle(run.Id, second), "second run");
        }),
        new("chain.cron-goes-on-after-a-failure", async s =>
        {
            s.Flow("main", w => Workflow.Info.ContinuedRunId is null ? throw new ApplicationFailureException("first") : Task.FromResult<object?>("second"));
            s.Work();
            WorkflowOptions options = s.Options();
            options.CronSchedule = "@every 2s";
            WorkflowHandle run = await s.StartAsync("main", options);
            await s.NoteAsync("first run", () => s.Client.GetWorkflowHandle(run.Id, run.ResultRunId).GetResultAsync<object?>(followRuns: false));
            WorkflowHandle latest = s.Client.GetWorkflowHandle(run.Id);
            await s.RecordAsync(s.Client.GetWorkflowHandle(run.Id, run.ResultRunId), "first run");
            await latest.TerminateAsync("enough");
        }),
    ];

    private static Temporalio.Api.Command.V1.Command ContinueAsNew() => new()
    {
        CommandType = CommandType.ContinueAsNewWorkflowExecution,
        ContinueAsNewWorkflowExecutionCommandAttributes = new() { Input = Raw.Several("next") },
    };
}
