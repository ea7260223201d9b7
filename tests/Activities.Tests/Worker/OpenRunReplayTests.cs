using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Worker;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Shared;
using VirtEngine.DR.Worker;
using TestServer = VirtEngine.DR.Tests.Shared.TestServer;

namespace VirtEngine.DR.Activities.Tests.Worker;

/// <summary>A control worker polls only when every open run replays with its code.</summary>
public sealed class OpenRunReplayTests
{
    private const string Former = "virtengine-dr-0.0.9";
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_AnOpenRunOfAnotherVersion_IsRefusedWithTheRunAndTheVersion()
    {
        await using var server = await TestServer.StartAsync();
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        using var state = new TempFolder();
        var run = await OpenChangedRunAsync(server);

        await using var worker = WorkerHost.Create(Options(server, estate, state), log => log.SetMinimumLevel(LogLevel.None));
        await worker.StartAsync(_token);
        var refusal = await worker.Refused.WaitAsync(TimeSpan.FromSeconds(60), _token);

        var mismatch = Assert.Single(refusal.Mismatches);
        Assert.Equal(run.Id, mismatch.WorkflowId);
        Assert.Equal(Former, mismatch.Version);
        Assert.Contains(run.Id, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"Start {Former} until they are over", refusal.Message, StringComparison.Ordinal);
        Assert.False(worker.Health.Ready);
        Assert.Contains(run.Id, worker.Health.Report().Problem, StringComparison.Ordinal);
        await worker.StopAsync(_token);
    }

    [Fact]
    public async Task Start_AnOpenRunOfAnotherVersionInAnEmergency_PollsWhenAskedInWords()
    {
        await using var server = await TestServer.StartAsync();
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        using var state = new TempFolder();
        await OpenChangedRunAsync(server);

        await using var worker = WorkerHost.Create(Options(server, estate, state) with { SkipReplay = "the region is down" }, log => log.SetMinimumLevel(LogLevel.None));
        await worker.StartAsync(_token);

        await Eventually.TrueAsync(() => worker.Health.Ready, "the worker polls", 60);
        Assert.False(worker.Refused.IsCompleted);
        await worker.StopAsync(_token);
    }

    [Fact]
    public async Task Start_NoTimeToReplayAll_IsRefused()
    {
        await using var server = await TestServer.StartAsync();
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        using var state = new TempFolder();

        // With nothing open there is nothing to be late with, and whether the limit or the empty list comes first is a race.
        await server.Client.StartWorkflowAsync(
            WorkflowTypes.BackupRestore, [new BackupRestoreInput { Node = "fullnode-0", Mode = RunMode.Practice, Operator = "alice" }], new($"restore-{Guid.NewGuid():N}", Names.ControlQueue));

        await using var worker = WorkerHost.Create(Options(server, estate, state) with { ReplayWithin = TimeSpan.FromTicks(1) }, log => log.SetMinimumLevel(LogLevel.None));
        await worker.StartAsync(_token);
        var refusal = await worker.Refused.WaitAsync(TimeSpan.FromSeconds(60), _token);

        Assert.Contains("--skip-replay", refusal.Message, StringComparison.Ordinal);
        await worker.StopAsync(_token);
    }

    [Fact]
    public async Task Start_AnOpenRunOfThisVersion_PollsAndGoesOnWithIt()
    {
        await using var server = await TestServer.StartAsync();
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        using var state = new TempFolder();
        WorkflowHandle run;
        await using (var first = WorkerHost.Create(Options(server, estate, state), log => log.SetMinimumLevel(LogLevel.None)))
        {
            await first.StartAsync(_token);
            await Eventually.TrueAsync(() => first.Health.Ready, "the first worker polls", 60);

            // Paused from the start, with its lock held: as open as a run can be.
            run = await server.Client.StartWorkflowAsync(
                WorkflowTypes.BackupRestore, [new BackupRestoreInput { Node = "fullnode-0", Mode = RunMode.Practice, Operator = "alice" }],
                new($"restore-{Guid.NewGuid():N}", Names.ControlQueue) { StartSignal = Verbs.Pause, StartSignalArgs = [new VerbMessage { By = "bob" }] });
            await Eventually.TrueAsync(
                async () => (await run.QueryAsync<RunState>(Verbs.State, [])).Journal.Any(entry => entry.Event == "lock.taken"), "the run has its lock", 60);
            await first.StopAsync(_token);
        }

        await using var second = WorkerHost.Create(Options(server, estate, state), log => log.SetMinimumLevel(LogLevel.None));
        await second.StartAsync(_token);
        await Eventually.TrueAsync(() => second.Health.Ready || second.Refused.IsCompleted, "the second worker decides", 60);

        Assert.False(second.Refused.IsCompleted, second.Refused.IsCompleted ? (await second.Refused).Message : "");
        var reply = await run.ExecuteUpdateAsync<VerbReply>(Verbs.Abort, [new VerbMessage { By = "bob" }]);
        Assert.True(reply.Accepted, reply.Message);
        var end = await run.GetResultAsync<RunState>(rpcOptions: new() { CancellationToken = _token });
        Assert.Equal(RunOutcome.Aborted, end.Outcome);
        await second.StopAsync(_token);
    }

    private static async Task<WorkflowHandle> OpenChangedRunAsync(TestServer server)
    {
        var options = new TemporalWorkerOptions(Names.ControlQueue) { DeploymentOptions = new(new("virtengine-dr", Former), false) }.AddWorkflow<ChangedRestore>();
        using var worker = new TemporalWorker(server.Client, options);
        return await worker.ExecuteAsync(async () =>
        {
            var run = await server.Client.StartWorkflowAsync(
                WorkflowTypes.BackupRestore, [new BackupRestoreInput { Node = "fullnode-0" }], new($"changed-{Guid.NewGuid():N}", Names.ControlQueue));
            Assert.True(await run.QueryAsync<bool>("waits", []));
            await Eventually.TrueAsync(async () => (await run.FetchHistoryAsync()).Events.Any(e => e.TimerFiredEventAttributes is not null), "its pause is over");
            Assert.True(await run.QueryAsync<bool>("waits", []));
            return run;
        });
    }

    private static WorkerOptions Options(TestServer server, MiniEstate estate, TempFolder state) => new()
    {
        Control = true,
        EstatePath = estate.EstateFile(),
        Address = server.Address,
        HealthPort = 0,
        StateFolder = state.Path,
        GracefulShutdown = TimeSpan.FromSeconds(5),
    };
}
