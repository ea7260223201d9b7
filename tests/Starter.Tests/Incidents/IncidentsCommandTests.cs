using System.Text.Json.Nodes;
using Temporalio.Client;
using Temporalio.Worker;
using VirtEngine.DR.Activities.Incidents;
using VirtEngine.DR.Activities.Notify;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Tests.Shared;
using VirtEngine.DR.Workflows.Incidents;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Incidents;

/// <summary><c>incidents</c> against a real server and the shipped workflow.</summary>
public sealed class IncidentsCommandTests(RunbookServer server) : IClassFixture<RunbookServer>
{
    private readonly string run = "run-" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Done_TwoTasks_EndsItAndShowSaysWhoDidWhat()
    {
        using var folder = new ScratchFolder();
        await WithWorkerAsync(folder, async () =>
        {
            var handle = await StartAsync();
            var io = new TestIo();
            Assert.Equal(ExitCodes.Ok, await RunAsync(io, "incidents", "done", run, "--task", "post-mortem", "--where", "https://wiki.example/pm", "--by", "bob"));
            Assert.Contains("Post-mortem is done, 1 h after its deadline: https://wiki.example/pm", io.Output, StringComparison.Ordinal);
            Assert.Equal(ExitCodes.Ok, await RunAsync(new TestIo(), "incidents", "done", run, "--where", "OPS-7", "--note", "bad RAM", "--by", "carol"));
            await handle.GetResultAsync();

            var show = new TestIo();
            Assert.Equal(ExitCodes.Ok, await RunAsync(show, "incidents", "show", run));
            Assert.Contains("done by carol (claimed) at", show.Output, StringComparison.Ordinal);
            Assert.Contains("OPS-7 - bad RAM", show.Output, StringComparison.Ordinal);
            Assert.Contains("no channel of the estate is told about this class", show.Output, StringComparison.Ordinal);
            var kept = Assert.Single(Directory.GetFiles(folder.Path, "aftermath-*.json", SearchOption.AllDirectories));
            Assert.Equal("carol", (string?)JsonNode.Parse(await File.ReadAllTextAsync(kept))!["tasks"]![1]!["done"]!["by"]);
            Assert.EndsWith(Path.Combine("evidence", "run"), Path.GetDirectoryName(kept), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Done_WithMistakesOrTwice_IsRefusedWithThreeAndSaysWhy()
    {
        using var folder = new ScratchFolder();
        await WithWorkerAsync(folder, async () =>
        {
            await StartAsync();
            var io = new TestIo();
            Assert.Equal(ExitCodes.Refused, await RunAsync(io, "incidents", "done", run, "--where", "x"));
            Assert.Contains("refused: Name the task (task): post-mortem, root-cause.", io.Output, StringComparison.Ordinal);
            Assert.Equal(ExitCodes.Ok, await RunAsync(new TestIo(), "incidents", "done", run, "--task", "root-cause", "--where", "first", "--by", "bob"));
            var json = new TestIo();
            Assert.Equal(ExitCodes.Refused, await RunAsync(json, "incidents", "done", run, "--task", "root-cause", "--where", "second", "--by", "carol", "-o", "json"));
            var answer = JsonNode.Parse(json.Output)!;
            Assert.False((bool)answer["accepted"]!);
            Assert.Contains("was done by bob", (string?)answer["message"], StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task List_WithoutAWorker_ShowsWhatIsOwedTheEarliestFirst()
    {
        using var folder = new ScratchFolder();
        await WithWorkerAsync(folder, async () =>
        {
            await StartAsync();
            await Eventually.TrueAsync(async () => (await ListAsync()).Contains(run, StringComparison.Ordinal), "the list shows it");
        });

        var lines = (await ListAsync()).Split('\n').Where(l => l.Contains(run, StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("OVERDUE by", lines[0], StringComparison.Ordinal);
        Assert.Contains("post-mortem", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("due in 2", lines[1], StringComparison.Ordinal);
        Assert.Contains("owed by alice", lines[1], StringComparison.Ordinal);
        Assert.Contains("[practice]", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Done_WithoutAWorker_IsStoredAndTakenLater()
    {
        using var folder = new ScratchFolder();
        WorkflowHandle handle = null!;
        await WithWorkerAsync(folder, async () =>
        {
            handle = await StartAsync();
            await Eventually.TrueAsync(async () => (await ListAsync()).Contains(run, StringComparison.Ordinal), "the list shows it");
        });
        var io = new TestIo();
        Assert.Equal(ExitCodes.Queued, await RunAsync(io, "incidents", "done", run, "--task", "root-cause", "--where", "x", "--by", "bob"));
        Assert.Contains("Stored, not answered", io.Output, StringComparison.Ordinal);

        await WithWorkerAsync(folder, async () => await Eventually.TrueAsync(
            async () => (await handle.QueryAsync<AftermathState>("state", [])).Tasks.Single(t => t.Id == "root-cause").Done?.By == "bob", "the stored word is taken"));
    }

    [Theory]
    [InlineData("show")]
    [InlineData("done")]
    public async Task RunThatOwesNothing_IsNotFoundWithFour(string what)
    {
        var io = new TestIo();
        string[] more = what == "done" ? ["--where", "x"] : [];
        Assert.Equal(ExitCodes.NotFound, await RunAsync(io, ["incidents", what, "no-such-run", .. more]));
        Assert.Contains("Nothing is or was owed after 'no-such-run'", io.Error, StringComparison.Ordinal);
    }

    private async Task<string> ListAsync()
    {
        var io = new TestIo();
        Assert.Equal(ExitCodes.Ok, await RunAsync(io, "incidents", "list"));
        return io.Output;
    }

    private Task<WorkflowHandle> StartAsync()
    {
        var now = DateTimeOffset.UtcNow;
        var tasks = AftermathTable.For("RB-DR-006", "D4", now.AddHours(-49), "alice");
        return server.Client.StartWorkflowAsync(
            WorkflowTypes.Aftermath,
            [new AftermathInput
            {
                Run = new(run, "12345678-0000", "RB-DR-006", "node/n", "D4", "alice", Practice: true), Outcome = "Succeeded", ClosedAt = now.AddHours(-49),
                Evidence = "evidence/run/bundle.json", Tasks = tasks,
            }],
            new(Names.AftermathId(run, "12345678-0000"), Names.ControlQueue));
    }

    private Task WithWorkerAsync(ScratchFolder folder, Func<Task> body)
    {
        var options = new TemporalWorkerOptions(Names.ControlQueue).AddWorkflow<AftermathWorkflow>()
            .AddAllActivities(new NotifyActivities([])).AddAllActivities(new IncidentActivities(server.Client, new LocalFolderStore(folder.Path)));
        var worker = new TemporalWorker(server.Client, options);
        return worker.ExecuteAsync(body, TestContext.Current.CancellationToken);
    }

    private Task<int> RunAsync(TestIo io, params string[] args) => io.RunAsync([.. args, "--address", server.Address]);
}
