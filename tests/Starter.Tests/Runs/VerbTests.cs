using System.Text.Json.Nodes;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Runs;

/// <summary>The verbs against a real Temporal server and a runbook that only answers.</summary>
public sealed class VerbTests : IClassFixture<RunbookServer>
{
    private readonly RunbookServer server;
    private readonly string run = "run-" + Guid.NewGuid().ToString("N");

    public VerbTests(RunbookServer server)
    {
        this.server = server;
    }

    [Fact]
    public Task Approve_ByAnotherPerson_IsAcceptedAndExitCodeIsZero() => server.WithWorkerAsync(async () =>
    {
        await StartAsync();
        var io = new TestIo();
        Assert.Equal(0, await ConnectedAsync(io, "approve", run, "--by", "bob", "--yes"));
        Assert.Contains("approve: accepted", io.Output, StringComparison.Ordinal);
        Assert.Contains("digest 1a2b3c4d", io.Output, StringComparison.Ordinal);
    });

    [Fact]
    public Task Approve_ByStarter_IsRefusedWithThree() => server.WithWorkerAsync(async () =>
    {
        await StartAsync();
        var io = new TestIo();
        Assert.Equal(ExitCodes.Refused, await ConnectedAsync(io, "approve", run, "--by", "alice", "--yes"));
        Assert.Contains("REFUSED. the starter may not approve", io.Output, StringComparison.Ordinal);
    });

    [Fact]
    public Task Approve_OfAnotherDigest_IsRefused() => server.WithWorkerAsync(async () =>
    {
        await StartAsync();
        Assert.Equal(ExitCodes.Refused, await ConnectedAsync(new TestIo(), "approve", run, "--by", "bob", "--yes", "--digest", "00000000"));
    });

    [Fact]
    public Task Approve_WithoutTerminalAndWithoutYes_AsksForYesAndSendsNothing() => server.WithWorkerAsync(async () =>
    {
        await StartAsync();
        var io = new TestIo();
        Assert.Equal(ExitCodes.Usage, await ConnectedAsync(io, "approve", run, "--by", "bob"));
        Assert.Contains("--yes", io.Error, StringComparison.Ordinal);
        Assert.Equal(RunPhase.AwaitingApproval, (await StateAsync()).Phase);
    });

    [Fact]
    public Task Approve_AnsweredWithNoAtTheKeyboard_SendsNothing() => server.WithWorkerAsync(async () =>
    {
        await StartAsync();
        Assert.Equal(ExitCodes.Refused, await ConnectedAsync(new TestIo { Interactive = true, Keyboard = "n\n" }, "approve", run, "--by", "bob"));
        Assert.Equal(RunPhase.AwaitingApproval, (await StateAsync()).Phase);
    });

    [Fact]
    public async Task Pause_WithoutWorker_IsStoredOnceAndTakenLater()
    {
        await StartAsync();
        var stored = await VerbSender.SendAsync(
            new RunClient(server.Client), run, Verbs.Pause, new VerbMessage { By = "bob", Why = "look first" }, TimeSpan.FromSeconds(1),
            TestContext.Current.CancellationToken);
        Assert.Null(stored.Accepted);
        Assert.Equal(ExitCodes.Queued, stored.ExitCode);
        Assert.Contains("virtengine-dr worker --role control", stored.Message, StringComparison.Ordinal);
        await server.WithWorkerAsync(async () =>
            Assert.Single((await StateAsync()).Journal, entry => entry.Event == Verbs.Pause && entry.Actor == "bob"));
    }

    [Fact]
    public Task Retry_WhenNothingFailed_IsRefusedWithTheVerbThatWorks() => server.WithWorkerAsync(async () =>
    {
        await StartAsync();
        var io = new TestIo();
        Assert.Equal(ExitCodes.Refused, await ConnectedAsync(io, "retry", run));
        Assert.Contains("approve would work", io.Output, StringComparison.Ordinal);
    });

    [Fact]
    public Task Abort_TwoPhases_ShowsThePlanThenUnwinds() => server.WithWorkerAsync(async () =>
    {
        await StartAsync();
        var io = new TestIo();
        Assert.Equal(0, await ConnectedAsync(io, "abort", run, "--why", "wrong node"));
        Assert.Contains("drop the staging folder", io.Output, StringComparison.Ordinal);
        Assert.Contains($"virtengine-dr abort {run} --confirm feedc0de", io.Output, StringComparison.Ordinal);
        Assert.Equal(0, await ConnectedAsync(new TestIo(), "abort", run, "--confirm", "feedc0de"));
        Assert.Equal(RunOutcome.RolledBack, (await StateAsync()).Outcome);
    });

    [Fact]
    public Task Note_WithRunAndText_StandsInTheJournal() => server.WithWorkerAsync(async () =>
    {
        await StartAsync();
        var io = new TestIo();
        Assert.Equal(0, await ConnectedAsync(io, "note", run, "disk is here", "--output", "json"));
        var reply = JsonNode.Parse(io.Output)!;
        Assert.True(reply["accepted"]!.GetValue<bool>());
        Assert.Contains((await StateAsync()).Journal, entry => entry.Text == "note disk is here");
    });

    [Fact]
    public Task Deny_OfAClosedRun_SaysThatItIsOver() => server.WithWorkerAsync(async () =>
    {
        await StartAsync();
        Assert.Equal(0, await ConnectedAsync(new TestIo(), "deny", run));
        await server.Client.GetWorkflowHandle(run).GetResultAsync();
        var io = new TestIo();
        Assert.Equal(ExitCodes.Refused, await ConnectedAsync(io, "pause", run));
        Assert.Contains("is over", io.Error, StringComparison.Ordinal);
    });

    private Task<int> ConnectedAsync(TestIo io, params string[] args) =>
        io.RunAsync([.. args, "--address", server.Address, "--estate", "/nonexistent/estate.yaml"]);

    private async Task StartAsync() => Assert.Equal(
        0, await ConnectedAsync(new TestIo(), "run", "RB-DR-006", "--node", "fullnode-0", "--by", "alice", "--id", run));

    private Task<RunState> StateAsync() => new RunClient(server.Client).StateAsync(run, TestContext.Current.CancellationToken);
}
