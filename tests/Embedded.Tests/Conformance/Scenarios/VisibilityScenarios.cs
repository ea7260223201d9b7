using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Exceptions;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Listing and counting runs by queries over system and custom attributes.</summary>
public static class VisibilityScenarios
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Queries("list.equal", "ConformNumber = 2", "ConformFlag = true", "ConformWords = 'even'", "ConformShare = 0.5", "WorkflowType = 'main'", "WorkflowType = 'none'"),
        Queries("list.not-equal", "ConformNumber != 2", "WorkflowType != 'main'", "ExecutionStatus != 'Completed'"),
        Queries("list.less-and-greater", "ConformNumber < 3", "ConformNumber > 2", "ConformNumber <= 3", "ConformNumber >= 4", "ConformShare > 0.4", "ConformMoment < '2026-01-03T00:00:00Z'"),
        Queries("list.and-or", "ConformNumber = 1 AND ConformFlag = false", "(ConformNumber = 1 OR ConformNumber = 4)", "(ConformNumber > 1 AND (ConformFlag = true OR ConformNumber = 3))"),
        Queries("list.status", "ExecutionStatus = 'Completed'", "ExecutionStatus = 'Failed'", "ExecutionStatus = 'Running'", "ExecutionStatus = 'Terminated'", "(ExecutionStatus = 'Running' OR ExecutionStatus = 'Failed')"),
        Queries("list.times", "StartTime > '2020-01-01T00:00:00Z'", "StartTime < '2020-01-01T00:00:00Z'", "CloseTime > '2020-01-01T00:00:00Z'", "CloseTime IS NULL", "CloseTime IS NOT NULL"),
        Queries("list.sets-and-ranges", "ConformNumber IN (1, 4)", "ConformNumber NOT IN (1, 4)", "ConformNumber BETWEEN 2 AND 3", "WorkflowType STARTS_WITH 'ma'", "WorkflowType NOT STARTS_WITH 'ma'"),
        Queries("list.null", "ConformMoment IS NULL", "ConformMoment IS NOT NULL"),
        Queries("list.mistakes", "Nobody = 1", "ConformNumber = 'x'", "ConformNumber ==", "ConformNumber = 1 AND", "ExecutionStatus = 'Asleep'", "1 = 1"),
        new("list.one-by-id-and-run", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            await VisibleAsync(s, $"WorkflowId = '{run.Id}'", 1);
            var entry = (await s.Service.ListWorkflowExecutionsAsync(new() { Namespace = "default", Query = $"WorkflowId = '{run.Id}' AND RunId = '{run.RunId}'" })).Executions.Single();
            s.NoteMessage("entry", entry);
            await run.TerminateAsync();
            await VisibleAsync(s, $"WorkflowId = '{run.Id}' AND ExecutionStatus = 'Terminated'", 1);
            s.NoteMessage("closed", (await s.Service.ListWorkflowExecutionsAsync(new() { Namespace = "default", Query = $"WorkflowId = '{run.Id}'" })).Executions.Single());
        }),
        new("list.pages", async s =>
        {
            await RunsAsync(s);
            var request = new ListWorkflowExecutionsRequest { Namespace = "default", Query = Mine(s), PageSize = 2 };
            var pages = new List<int>();
            var seen = new List<string>();
            do
            {
                ListWorkflowExecutionsResponse page = await s.Service.ListWorkflowExecutionsAsync(request);
                pages.Add(page.Executions.Count);
                seen.AddRange(page.Executions.Select(e => e.Execution.WorkflowId));
                request.NextPageToken = page.NextPageToken;
            }
            while (!request.NextPageToken.IsEmpty);
            s.Note("seen", string.Join(",", seen.Order(StringComparer.Ordinal)));
            await EndAsync(s);
        }),
        new("list.newest-first", async s =>
        {
            await RunsAsync(s);
            var seen = new List<string>();
            await foreach (WorkflowExecution execution in s.Client.ListWorkflowsAsync(Mine(s) + " AND ExecutionStatus = 'Completed'"))
            {
                seen.Add(execution.Id);
            }

            s.Note("order", string.Join(",", seen));
            await EndAsync(s);
        }),
        Queries("list.order-by", "ConformNumber > 0 ORDER BY ConformNumber", "ConformNumber > 0 ORDER BY StartTime DESC"),
        new("count.by-status", async s =>
        {
            await RunsAsync(s);
            s.NoteMessage("groups", await s.Service.CountWorkflowExecutionsAsync(new() { Namespace = "default", Query = Mine(s) + " GROUP BY ExecutionStatus" }));
            await s.NoteAsync("by another", () => s.Service.CountWorkflowExecutionsAsync(new() { Namespace = "default", Query = Mine(s) + " GROUP BY WorkflowType" }));
            await EndAsync(s);
        }),
        new("list.attributes-changed-by-the-workflow", async s =>
        {
            s.Flow("main", async w =>
            {
                Temporalio.Workflows.Workflow.UpsertTypedSearchAttributes(ConformanceAttributes.Word.ValueSet("after-" + w.Argument<string>()));
                await w.ForNotesAsync(1);
                return null;
            });
            s.Work();
            WorkflowOptions options = s.Options();
            options.TypedSearchAttributes = new SearchAttributeCollection.Builder().Set(ConformanceAttributes.Word, s.Unique).ToSearchAttributeCollection();
            WorkflowHandle run = await s.StartAsync("main", options, s.Unique);
            await VisibleAsync(s, $"ConformWord = 'after-{s.Unique}'", 1);
            await s.NoteAsync("before", async () => (await s.Client.CountWorkflowsAsync($"ConformWord = '{s.Unique}'")).Count);
            await run.TerminateAsync();
        }),
        new("delete.a-run", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            await VisibleAsync(s, $"WorkflowId = '{run.Id}'", 1);
            await s.NoteAsync("delete", () => s.Service.DeleteWorkflowExecutionAsync(new() { Namespace = "default", WorkflowExecution = new() { WorkflowId = run.Id } }));
            await Eventually.TrueAsync("it is gone", TimeSpan.FromSeconds(20), async () =>
            {
                try
                {
                    await s.DescribeAsync(run);
                    return false;
                }
                catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
                {
                    return true;
                }
            });
            await VisibleAsync(s, $"WorkflowId = '{run.Id}'", 0);
            await s.NoteAsync("nobody", () => s.Service.DeleteWorkflowExecutionAsync(new() { Namespace = "default", WorkflowExecution = new() { WorkflowId = s.Id("nobody") } }));
        }),
        new("namespace.describe-and-mistakes", async s =>
        {
            var description = await s.Service.DescribeNamespaceAsync(new() { Namespace = "default" });
            s.Note("name", description.NamespaceInfo.Name);
            s.Note("state", description.NamespaceInfo.State);
            await s.NoteAsync("nowhere", () => s.Service.DescribeNamespaceAsync(new() { Namespace = "nowhere" }));
            await s.NoteAsync("again", () => s.Service.RegisterNamespaceAsync(new() { Namespace = "default", WorkflowExecutionRetentionPeriod = Raw.Seconds(86400 * 3) }));
        }),
        new("namespace.register-and-use", async s =>
        {
            string name = s.Id("ns");
            await s.NoteAsync("register", () => s.Service.RegisterNamespaceAsync(new() { Namespace = name, WorkflowExecutionRetentionPeriod = Raw.Seconds(86400 * 3), Description = "mine" }));
            await Eventually.TrueAsync("the namespace can be used", TimeSpan.FromSeconds(30), async () =>
            {
                try
                {
                    await s.Service.StartWorkflowExecutionAsync(Raw.Start(s, r => r.Namespace = name));
                    return true;
                }
                catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
                {
                    return false;
                }
            });
            await s.NoteAsync("not in the default one", () => s.DescribeAsync(s.Client.GetWorkflowHandle(s.Id("run"))));
            var description = await s.Service.DescribeNamespaceAsync(new() { Namespace = name });
            s.Note("description", description.NamespaceInfo.Description);
            s.Note("retention", description.Config.WorkflowExecutionRetentionTtl.ToTimeSpan());
        }),
        new("attributes.of-the-namespace", async s =>
        {
            var all = await s.Client.Connection.OperatorService.ListSearchAttributesAsync(new() { Namespace = "default" });
            s.Note("mine", string.Join(",", all.CustomAttributes.Where(a => ConformanceAttributes.All.ContainsKey(a.Key)).Select(a => $"{a.Key}={a.Value}").Order(StringComparer.Ordinal)));
            foreach (string system in new[] { "WorkflowId", "WorkflowType", "StartTime", "CloseTime", "ExecutionStatus", "RunId", "TaskQueue", "HistoryLength", "ExecutionTime" })
            {
                s.Note(system, all.SystemAttributes.TryGetValue(system, out IndexedValueType type) ? type : "missing");
            }

            await s.NoteAsync("again with another type", () => s.Client.Connection.OperatorService.AddSearchAttributesAsync(
                new() { Namespace = "default", SearchAttributes = { [ConformanceAttributes.Word.Name] = IndexedValueType.Int } }));
        }),
    ];

    private static string Mine(Stage stage) => $"ConformWord = '{stage.Unique}'";

    private static Scenario Queries(string name, params string[] queries) => new(name, async s =>
    {
        await RunsAsync(s);
        foreach (string query in queries)
        {
            string whole = $"{Mine(s)} AND {query}";
            await s.NoteAsync(query, async () =>
            {
                var found = new List<string>();
                await foreach (WorkflowExecution execution in s.Client.ListWorkflowsAsync(whole))
                {
                    found.Add(execution.Id);
                }

                return string.Join(",", query.Contains("ORDER BY", StringComparison.Ordinal) ? found : found.Order(StringComparer.Ordinal));
            });
            await s.NoteAsync("count of " + query, async () => (await s.Client.CountWorkflowsAsync(whole)).Count);
        }

        await EndAsync(s);
    });

    /// <summary>Four runs: two complete, one fails, one goes on.</summary>
    private static async Task RunsAsync(Stage stage)
    {
        stage.Flow("main", async w =>
        {
            switch (w.Argument<int>())
            {
                case 3:
                    throw new ApplicationFailureException("third");
                case 4:
                    await w.ForNotesAsync(1);
                    break;
            }

            return null;
        });
        stage.Work();
        for (int i = 1; i <= 4; i++)
        {
            WorkflowOptions options = stage.Options($"run-{i}");
            var attributes = new SearchAttributeCollection.Builder().Set(ConformanceAttributes.Word, stage.Unique).Set(ConformanceAttributes.Number, i)
                .Set(ConformanceAttributes.Flag, i % 2 == 0).Set(ConformanceAttributes.Share, i / 4.0).Set(ConformanceAttributes.Words, [i % 2 == 0 ? "even" : "odd", $"w{i}"]);
            if (i < 4)
            {
                attributes.Set(ConformanceAttributes.Moment, new DateTimeOffset(2026, 1, i, 0, 0, 0, TimeSpan.Zero));
            }

            options.TypedSearchAttributes = attributes.ToSearchAttributeCollection();
            WorkflowHandle run = await stage.StartAsync("main", options, i);
            if (i < 4)
            {
                await stage.WhenAsync(run, "it has ended", d => d.WorkflowExecutionInfo.Status != Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running);
            }
        }

        await VisibleAsync(stage, Mine(stage), 4);
        await VisibleAsync(stage, Mine(stage) + " AND ExecutionStatus = 'Running'", 1);
    }

    private static Task EndAsync(Stage stage) => stage.Client.GetWorkflowHandle(stage.Id("run-4")).TerminateAsync();

    private static Task VisibleAsync(Stage stage, string query, int count) => Eventually.TrueAsync(
        $"{count} runs by {query}", TimeSpan.FromSeconds(20), async () => (await stage.Client.CountWorkflowsAsync(query)).Count == count);
}
