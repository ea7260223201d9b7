using System.Text.Json.Nodes;
using Temporalio.Client;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Runs;

/// <summary><c>run</c>, <c>status</c> and <c>report</c> against a real Temporal server.</summary>
public sealed class RunAndStatusTests : IClassFixture<RunbookServer>
{
    private readonly RunbookServer server;

    public RunAndStatusTests(RunbookServer server)
    {
        this.server = server;
    }

    [Fact]
    public Task Run_Json_NamesTheRunAndItsInput() => server.WithWorkerAsync(async () =>
    {
        var io = new TestIo();
        Assert.Equal(0, await ConnectedAsync(io, "run", "RB-DR-006", "--node", "fullnode-0", "--reason", "disk lost", "-o", "json"));
        var json = JsonNode.Parse(io.Output)!;
        Assert.StartsWith("RB-DR-006.fullnode-0.", json["workflowId"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("disk lost", json["input"]!["reason"]!.GetValue<string>());
        Assert.Equal("live", json["input"]!["mode"]!.GetValue<string>());
        Assert.Equal("alice", json["input"]!["operator"]!.GetValue<string>());
        Assert.StartsWith("server: ", io.Error, StringComparison.Ordinal);
    });

    [Fact]
    public Task Run_DryRun_ShowsThePlanAndEndsWithZero() => server.WithWorkerAsync(async () =>
    {
        var io = new TestIo();
        Assert.Equal(0, await ConnectedAsync(io, "run", "RB-DR-006", "--node", "fullnode-0", "--dry-run"));
        Assert.Contains("closed: planned", io.Output, StringComparison.Ordinal);
    });

    [Fact]
    public Task Run_Watched_EndsWithSevenWhereAPersonIsNeeded() => server.WithWorkerAsync(async () =>
    {
        var io = new TestIo();
        Assert.Equal(ExitCodes.Waiting, await ConnectedAsync(io, "run", "RB-DR-006", "--node", "fullnode-0", "--watch"));
        Assert.Contains("Restore node fullnode-0 from this backup?", io.Output, StringComparison.Ordinal);
        Assert.Contains("virtengine-dr approve RB-DR-006.fullnode-0.", io.Output, StringComparison.Ordinal);
    });

    [Fact]
    public Task Run_UnknownNode_EndsWithFourAndTheNodesThereAre() => server.WithWorkerAsync(async () =>
    {
        var io = new TestIo();
        Assert.Equal(ExitCodes.NotFound, await ConnectedAsync(io, "run", "RB-DR-006", "--node", "unknown", "--watch"));
        Assert.Contains("there is: fullnode-0", io.Error, StringComparison.Ordinal);
    });

    [Fact]
    public Task Status_Json_IsTheRunState() => server.WithWorkerAsync(async () =>
    {
        var run = await StartAsync();
        var io = new TestIo();
        Assert.Equal(0, await ConnectedAsync(io, "status", run, "-o", "json"));
        var json = JsonNode.Parse(io.Output)!;
        Assert.Equal("awaitingApproval", json["phase"]!.GetValue<string>());
        Assert.Equal(run, json["workflowId"]!.GetValue<string>());
    });

    [Fact]
    public Task Status_List_NamesTheOpenRun() => server.WithWorkerAsync(async () =>
    {
        var run = await StartAsync();
        await Eventually.TrueAsync("the run is listed", TimeSpan.FromSeconds(20), async () =>
        {
            var io = new TestIo();
            return await ConnectedAsync(io, "status", "-o", "json") == 0
                && JsonNode.Parse(io.Output)!.AsArray().Any(one => one!["run"]!.GetValue<string>() == run);
        });
    });

    [Fact]
    public async Task Status_OfALock_ShowsWhatTheServerKnowsAndThatItHasNoPlan()
    {
        var handle = await server.Client.StartWorkflowAsync(WorkflowTypes.Lock, [], new WorkflowOptions("lock/node/" + Guid.NewGuid().ToString("N"), "nobody-works-here"));
        var io = new TestIo();
        Assert.Equal(0, await ConnectedAsync(io, "status", handle.Id));
        Assert.Contains("It is a Lock: no runbook, so it has no plan and no verbs.", io.Output, StringComparison.Ordinal);

        var json = new TestIo();
        Assert.Equal(0, await ConnectedAsync(json, "status", handle.Id, "-o", "json"));
        Assert.Equal(handle.Id, JsonNode.Parse(json.Output)!["run"]!["run"]!.GetValue<string>());

        var watched = new TestIo();
        Assert.Equal(ExitCodes.Usage, await ConnectedAsync(watched, "status", handle.Id, "--watch"));
        Assert.Contains($"'{handle.Id}' is a Lock, which has no steps to follow", watched.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_UnknownRun_EndsWithFour()
    {
        var io = new TestIo();
        Assert.Equal(ExitCodes.NotFound, await ConnectedAsync(io, "status", "no-such-run"));
        Assert.Contains("There is no run 'no-such-run'", io.Error, StringComparison.Ordinal);
    }

    [Fact]
    public Task Report_Text_HasTheWholeJournal() => server.WithWorkerAsync(async () =>
    {
        var run = await StartAsync();
        Assert.Equal(0, await ConnectedAsync(new TestIo(), "note", run, "first remark"));
        var io = new TestIo();
        Assert.Equal(0, await ConnectedAsync(io, "report", run));
        Assert.Contains("first remark", io.Output, StringComparison.Ordinal);
    });

    private async Task<string> StartAsync()
    {
        var run = "run-" + Guid.NewGuid().ToString("N");
        Assert.Equal(0, await ConnectedAsync(new TestIo(), "run", "RB-DR-006", "--node", "fullnode-0", "--id", run));
        return run;
    }

    private Task<int> ConnectedAsync(TestIo io, params string[] args) =>
        io.RunAsync([.. args, "--address", server.Address, "--estate", "/nonexistent/estate.yaml"]);
}
