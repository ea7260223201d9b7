using System.Text.Json;
using Temporalio.Client;
using VirtEngine.DR.Embedded.Tests.Conformance;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Embedded.Tests.Cli;

/// <summary>The official CLI's workflow commands against the engine.</summary>
[Collection("servers")]
public sealed class CliWorkflowTests(CliEngine cli)
{
    [Fact]
    public async Task Start_ThenResult_PrintsWhatTheWorkflowReturned()
    {
        await using Stage stage = await StageAsync();
        stage.Flow("main", w => Task.FromResult<object?>("hello " + w.Argument<string>()));
        stage.Work();

        JsonElement started = Json(await StartAsync(stage, "\"cli\""));
        JsonElement result = Json(await cli.RunAsync("workflow", "result", "-w", stage.Id("run")));

        Assert.Equal(stage.Id("run"), started.GetProperty("workflowId").GetString());
        Assert.NotEmpty(started.GetProperty("runId").GetString()!);
        Assert.Equal("COMPLETED", result.GetProperty("status").GetString());
        Assert.Equal("hello cli", result.GetProperty("result").GetString());
    }

    [Fact]
    public async Task Execute_WorkflowThatCompletes_WaitsAndPrintsTheResult()
    {
        await using Stage stage = await StageAsync();
        stage.Flow("main", _ => Task.FromResult<object?>(42));
        stage.Work();

        JsonElement result = Json(await cli.RunAsync("workflow", "execute", "--type", "main", "-t", stage.Queue, "-w", stage.Id("run")));

        Assert.Equal("COMPLETED", result.GetProperty("status").GetString());
        Assert.Equal(42, result.GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task ListAndCount_ByQuery_FindTheRun()
    {
        await using Stage stage = await StageAsync();
        await StartAsync(stage, "1");
        string query = $"WorkflowId = '{stage.Id("run")}' AND ExecutionStatus = 'Running'";

        JsonElement count = Json(await cli.RunAsync("workflow", "count", "--query", query));
        JsonElement list = Json(await cli.RunAsync("workflow", "list", "--query", query));

        Assert.Equal("1", count.GetProperty("count").GetString());
        Assert.Equal(stage.Id("run"), Assert.Single(list.EnumerateArray()).GetProperty("execution").GetProperty("workflowId").GetString());
        await cli.RunAsync("workflow", "terminate", "-w", stage.Id("run"));
    }

    [Fact]
    public async Task DescribeAndShow_RunningWorkflow_PrintItsStateAndHistory()
    {
        await using Stage stage = await StageAsync();
        await StartAsync(stage, "\"in\"");

        JsonElement description = Json(await cli.RunAsync("workflow", "describe", "-w", stage.Id("run")));
        JsonElement history = Json(await cli.RunAsync("workflow", "show", "-w", stage.Id("run")));

        Assert.Equal("WORKFLOW_EXECUTION_STATUS_RUNNING", description.GetProperty("workflowExecutionInfo").GetProperty("status").GetString());
        Assert.Equal("PENDING_WORKFLOW_TASK_STATE_SCHEDULED", description.GetProperty("pendingWorkflowTask").GetProperty("state").GetString());
        Assert.Equal(
            ["EVENT_TYPE_WORKFLOW_EXECUTION_STARTED", "EVENT_TYPE_WORKFLOW_TASK_SCHEDULED"],
            history.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("eventType").GetString()));
        await cli.RunAsync("workflow", "terminate", "-w", stage.Id("run"));
    }

    [Fact]
    public async Task SignalQueryAndUpdate_RunningWorkflow_ReachIt()
    {
        await using Stage stage = await StageAsync();
        Waiting(stage);
        stage.Work();
        await StartAsync(stage, "0");

        await cli.RunAsync("workflow", "signal", "-w", stage.Id("run"), "--name", "note", "--input", "\"one\"");
        WorkflowHandle run = stage.Client.GetWorkflowHandle(stage.Id("run"));
        await Eventually.TrueAsync(
            "the signal is seen", TimeSpan.FromSeconds(20), async () => await run.QueryAsync<string>("notes", []) == "one", TestContext.Current.CancellationToken);
        JsonElement query = Json(await cli.RunAsync("workflow", "query", "-w", stage.Id("run"), "--name", "notes"));
        JsonElement update = Json(await cli.RunAsync("workflow", "update", "execute", "-w", stage.Id("run"), "--name", "add", "--input", "\"two\""));
        await run.SignalAsync("note", ["end"]);

        Assert.Equal("one", query.GetProperty("queryResult")[0].GetString());
        Assert.Equal("one,two", update.GetProperty("result").GetString());
        Assert.Equal("one,two,end", await run.GetResultAsync<string>());
    }

    [Fact]
    public async Task UpdateRejected_RunningWorkflow_FailsTheCommand()
    {
        await using Stage stage = await StageAsync();
        Waiting(stage);
        stage.Work();
        await StartAsync(stage, "0");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => cli.RunAsync("workflow", "update", "execute", "-w", stage.Id("run"), "--name", "add", "--input", "\"bad\""));
        await cli.RunAsync("workflow", "terminate", "-w", stage.Id("run"));

        Assert.Contains("not this one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_RunningWorkflow_EndsItAsCancelled()
    {
        await using Stage stage = await StageAsync();
        Waiting(stage);
        stage.Work();
        await StartAsync(stage, "0");

        await cli.RunAsync("workflow", "cancel", "-w", stage.Id("run"));

        await StatusAsync(stage, "CANCELED");
    }

    [Fact]
    public async Task Terminate_RunningWorkflow_EndsItWithTheReason()
    {
        await using Stage stage = await StageAsync();
        await StartAsync(stage, "0");

        await cli.RunAsync("workflow", "terminate", "-w", stage.Id("run"), "--reason", "a test");

        await StatusAsync(stage, "TERMINATED");
        Assert.Contains("a test", await cli.RunAsync("workflow", "show", "-w", stage.Id("run")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_WithoutTheKey_IsRefused()
    {
        var none = await Assert.ThrowsAsync<InvalidOperationException>(() => cli.RunAsync([], ["workflow", "list"]));
        var wrong = await Assert.ThrowsAsync<InvalidOperationException>(
            () => cli.RunAsync(["--grpc-meta", "authorization=Bearer wrong"], ["workflow", "list"]));

        Assert.Contains("Unauthenticated", none.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Unauthenticated", wrong.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static void Waiting(Stage stage) => stage.Flow("main", async w =>
    {
        await w.ForNoteAsync("end");
        return w.AllNotes();
    });

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    private async Task<Stage> StageAsync()
    {
        RequiredProgram.Find("temporal");
        return new(await cli.ClientAsync());
    }

    private Task<string> StartAsync(Stage stage, string input) =>
        cli.RunAsync("workflow", "start", "--type", "main", "-t", stage.Queue, "-w", stage.Id("run"), "--input", input);

    private Task StatusAsync(Stage stage, string status) => Eventually.TrueAsync($"the run is {status}", TimeSpan.FromSeconds(20), async () =>
    {
        JsonElement description = Json(await cli.RunAsync("workflow", "describe", "-w", stage.Id("run")));
        return description.GetProperty("workflowExecutionInfo").GetProperty("status").GetString() == "WORKFLOW_EXECUTION_STATUS_" + status;
    }, TestContext.Current.CancellationToken);
}
