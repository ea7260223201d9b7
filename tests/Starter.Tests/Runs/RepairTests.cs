using System.Text.Json.Nodes;
using Temporalio.Client;
using Temporalio.Worker;
using VirtEngine.DR.Activities.Evidence;
using VirtEngine.DR.Activities.Locks;
using VirtEngine.DR.Activities.Notify;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Locks;
using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Tests.Shared;
using VirtEngine.DR.Workflows.Flow;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Runs;

/// <summary><c>repair</c> against a real server, a real lock and a real evidence store; only the runbook is a fake.</summary>
public sealed class RepairTests : IClassFixture<RunbookServer>, IDisposable
{
    private readonly RunbookServer server;
    private readonly ScratchFolder folder = new();
    private readonly string run = "run-" + Guid.NewGuid().ToString("N")[..8];

    public RepairTests(RunbookServer server)
    {
        this.server = server;
    }

    private string LockId => Names.LockId("node", run);

    [Fact]
    public Task Repair_OfAKilledRun_ShowsThePlanAndStartsExactlyThatOne() => WithWorkerAsync(async () =>
    {
        await OrphanAsync();
        var io = new TestIo();
        Assert.Equal(ExitCodes.Ok, await ConnectedAsync(io, "repair", run));
        Assert.Contains("undo 5 swap: back to not swapped", io.Output, StringComparison.Ordinal);
        Assert.Contains($"orphaned: {LockId}", io.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing is done yet", io.Output, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(folder.Path, "report-*.html", SearchOption.AllDirectories));

        var json = new TestIo();
        Assert.Equal(ExitCodes.Ok, await ConnectedAsync(json, "repair", run, "-o", "json"));
        var digest = JsonNode.Parse(json.Output)!["digest"]!.GetValue<string>();
        Assert.Equal(ExitCodes.Refused, await ConnectedAsync(new TestIo(), "repair", run, "--confirm", "00000000"));
        Assert.Equal(ExitCodes.Refused, await ConnectedAsync(new TestIo(), "repair", run, "--adopt", "--confirm", digest[..8]));
        var started = new TestIo();
        Assert.Equal(ExitCodes.Ok, await ConnectedAsync(started, "repair", run, "--confirm", digest[..8], "--by", "bob", "--why", "killed by mistake", "-o", "json"));

        var id = JsonNode.Parse(started.Output)!["workflowId"]!.GetValue<string>();
        var history = await server.Client.GetWorkflowHandle(id).FetchHistoryAsync();
        var input = JsonNode.Parse(history.Events.First().WorkflowExecutionStartedEventAttributes.Input.Payloads_[0].Data.ToStringUtf8())!;
        Assert.Equal("b-7", input["backup"]!.GetValue<string>());
        Assert.Equal("bob", input["operator"]!.GetValue<string>());
        Assert.Equal(run, input["takeover"]!["holderWorkflowId"]!.GetValue<string>());
        Assert.Equal(digest, input["takeover"]!["digest"]!.GetValue<string>());
        Assert.Equal(LockId, input["takeover"]!["run"]!["locks"]![0]!["id"]!.GetValue<string>());

        var twice = new TestIo();
        Assert.Equal(ExitCodes.Refused, await ConnectedAsync(twice, "repair", run, "--confirm", digest[..8], "--by", "carol"));
        Assert.Contains(id, twice.Error, StringComparison.Ordinal);
        await server.Client.GetWorkflowHandle(id).TerminateAsync("test is over");
    });

    [Fact]
    public Task Repair_Release_NeedsAnotherPersonAndFreesTheLock() => WithWorkerAsync(async () =>
    {
        await OrphanAsync();
        Assert.Equal(ExitCodes.Usage, await ConnectedAsync(new TestIo(), "repair", run, "--release", "--by", "bob", "--why", "by hand"));
        Assert.Equal(ExitCodes.Refused, await ConnectedAsync(new TestIo(), "repair", run, "--release", "--by", "bob", "--approved-by", "Bob", "--why", "by hand"));
        Assert.Equal(ExitCodes.Ok, await ConnectedAsync(new TestIo(), "repair", run, "--release", "--by", "bob", "--approved-by", "carol", "--why", "by hand"));

        var io = new TestIo();
        await Eventually.TrueAsync("the lock is gone", TimeSpan.FromSeconds(20), async () =>
            (await server.Client.GetWorkflowHandle(LockId).DescribeAsync()).Status != Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running,
            TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Refused, await ConnectedAsync(io, "repair", run));
        Assert.Contains("there is nothing to repair", io.Error, StringComparison.Ordinal);
    });

    [Fact]
    public Task Repair_OfARunAtWork_IsRefusedAndSaysAbort() => WithWorkerAsync(async () =>
    {
        await HoldAsync();
        var io = new TestIo();

        Assert.Equal(ExitCodes.Refused, await ConnectedAsync(io, "repair", run));

        Assert.Contains($"virtengine-dr abort {run}", io.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotFound, await ConnectedAsync(new TestIo(), "repair", "no-such-run"));
        await server.Client.GetWorkflowHandle(run).TerminateAsync("test is over");
    });

    public void Dispose() => folder.Dispose();

    private async Task HoldAsync()
    {
        var holder = await server.Client.StartWorkflowAsync(
            WorkflowTypes.BackupRestore, [new BackupRestoreInput { Node = "fullnode-0", Mode = RunMode.Practice, Operator = "alice" }], new(run, Names.ControlQueue));
        var input = new LockInput(new LockHolder(run, holder.ResultRunId!, WorkflowTypes.BackupRestore, "alice", 13, "disk lost"), [], "D1", true);
        await server.Client.StartWorkflowAsync((LockWorkflow l) => l.RunAsync(input), new(LockId, Names.ControlQueue));
        await Eventually.TrueAsync("the lock is listed", TimeSpan.FromSeconds(20), async () =>
        {
            await foreach (var listed in server.Client.ListWorkflowsAsync("WorkflowType = 'Lock' AND ExecutionStatus = 'Running'"))
            {
                if (listed.Id == LockId)
                {
                    return true;
                }
            }

            return false;
        }, TestContext.Current.CancellationToken);
    }

    private async Task OrphanAsync()
    {
        await HoldAsync();
        await server.Client.GetWorkflowHandle(run).QueryAsync<RunState>(Verbs.State, []);
        await server.Client.GetWorkflowHandle(run).TerminateAsync("killed");
        await Eventually.TrueAsync("the evidence is written", TimeSpan.FromSeconds(30), () =>
            Task.FromResult(Directory.GetFiles(folder.Path, "report-*.html", SearchOption.AllDirectories).Length > 0), TestContext.Current.CancellationToken);
    }

    private Task<int> ConnectedAsync(TestIo io, params string[] arguments) => io.RunAsync([.. arguments, "--address", server.Address]);

    private async Task WithWorkerAsync(Func<Task> body)
    {
        var options = new TemporalWorkerOptions(Names.ControlQueue)
            .AddWorkflow<FakeRunbook>().AddWorkflow<LockWorkflow>()
            .AddAllActivities(new LockActivities(server.Client))
            .AddAllActivities(new EvidenceActivities(new LocalFolderStore(folder.Path), null))
            .AddAllActivities(new NotifyActivities([]));
        using var worker = new TemporalWorker(server.Client, options);
        await worker.ExecuteAsync(body, TestContext.Current.CancellationToken);
    }
}
