using Microsoft.Extensions.Logging;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Client;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Tests.Shared;
using VirtEngine.DR.Worker;
using TestServer = VirtEngine.DR.Tests.Shared.TestServer;

namespace VirtEngine.DR.Activities.Tests.Worker;

public sealed class WorkerHostTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_BackupThenRestore_ThroughARealServer()
    {
        await using var server = await TestServer.StartAsync(attributes: false);
        await using var estate = await MiniEstate.StartAsync(_token);
        using var state = new TempFolder();
        await using var worker = WorkerHost.Create(Options(server, estate, state), log => log.SetMinimumLevel(LogLevel.None));
        await worker.StartAsync(_token);
        await Eventually.TrueAsync(() => worker.Health.Ready, "the worker is ready", 60);

        var backup = await server.Client.ExecuteWorkflowAsync<BackupOutcome>(
            WorkflowTypes.BackupChainState, [new BackupInput { Node = "fullnode-0" }], new($"backup-{Guid.NewGuid():N}", Names.ControlQueue));
        Assert.Empty(backup.Failures);
        Assert.Single(backup.Backups);

        await estate.Nodes.StopAsync(estate.Act("stop"));
        Directory.Delete(Path.Combine(estate.Home, "data"), recursive: true);
        var run = await server.Client.StartWorkflowAsync(
            WorkflowTypes.BackupRestore,
            [new BackupRestoreInput { Node = "fullnode-0", Backup = "newest", Mode = RunMode.Practice, Operator = "alice" }],
            new($"restore-{Guid.NewGuid():N}", Names.ControlQueue));
        await ApproveAsync(run);
        var end = await ClosedAsync(run);
        Assert.True(end.Outcome is RunOutcome.Succeeded, $"{end.Outcome}: {string.Join(" | ", end.Journal.TakeLast(6).Select(entry => entry.Text))}");
        Assert.Equal(ProcessState.Running, (await estate.Nodes.ObserveAsync(estate.Slice.Target)).Process);
        Assert.NotNull(end.Evidence);
        Assert.NotEmpty(Directory.GetFiles(state.Path, "report-*.html", SearchOption.AllDirectories));

        using var http = new HttpClient { BaseAddress = worker.HealthUrl };
        Assert.Contains("\"ready\"", await http.GetStringAsync("/health", _token), StringComparison.Ordinal);
        var metrics = await http.GetStringAsync("/metrics", _token);

        // As the alert rules and the dashboard name them.
        Assert.Contains("virtengine_dr_activity_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("virtengine_dr_activity_duration_seconds_bucket{", metrics, StringComparison.Ordinal);
        Assert.Matches(@"virtengine_dr_backup_pause_seconds_bucket\{[^}]*le=""0\.1""", metrics);
        Assert.Contains("temporal_workflow_task_execution_latency", metrics, StringComparison.Ordinal);
        await worker.StopAsync(_token);
        Assert.False(worker.Health.Ready);

        // The node outlives its worker.
        Assert.Equal(ProcessState.Running, (await estate.Nodes.ObserveAsync(estate.Slice.Target)).Process);
    }

    [Fact]
    public async Task Run_WholeHomeLost_ThroughARealServer()
    {
        await using var server = await TestServer.StartAsync(attributes: false);
        await using var estate = await MiniEstate.StartAsync(_token);
        await estate.ConfigureAsync(_token, "config", "/etc/hostname", "/none/such");
        using var state = new TempFolder();
        await using var worker = WorkerHost.Create(Options(server, estate, state), log => log.SetMinimumLevel(LogLevel.None));
        await worker.StartAsync(_token);
        await Eventually.TrueAsync(() => worker.Health.Ready, "the worker is ready", 60);
        var configuration = await server.Client.ExecuteWorkflowAsync<BackupOutcome>(
            WorkflowTypes.BackupConfiguration, [new BackupInput { Node = "fullnode-0" }], new($"backup-{Guid.NewGuid():N}", Names.ControlQueue));
        Assert.StartsWith("fullnode-0: /none/such is not in the backup", Assert.Single(configuration.Failures), StringComparison.Ordinal);
        var backup = await server.Client.ExecuteWorkflowAsync<BackupOutcome>(
            WorkflowTypes.BackupChainState, [new BackupInput { Node = "fullnode-0" }], new($"backup-{Guid.NewGuid():N}", Names.ControlQueue));
        Assert.Empty(backup.Failures);
        await estate.Nodes.StopAsync(estate.Act("stop"));
        Directory.Delete(estate.Home, recursive: true);

        var run = await server.Client.StartWorkflowAsync(
            WorkflowTypes.BackupRestore,
            [new BackupRestoreInput { Node = "fullnode-0", Backup = "newest", Mode = RunMode.Practice, Operator = "alice", Watch = TimeSpan.Zero }],
            new($"restore-{Guid.NewGuid():N}", Names.ControlQueue));
        await ApproveAsync(run);
        var end = await ClosedAsync(run);

        Assert.True(end.Outcome is RunOutcome.Succeeded, $"{end.Outcome}: {string.Join(" | ", end.Journal.TakeLast(6).Select(entry => entry.Text))}");
        Assert.Contains(end.Journal, entry => entry.Event == "step.done" && entry.Text.Contains("node id ", StringComparison.Ordinal));
        Assert.Equal(ProcessState.Running, (await estate.Nodes.ObserveAsync(estate.Slice.Target)).Process);
        Assert.Equal(Contracts.Chain.Health.Healthy, (await estate.Chain.AwaitHealthyAsync(estate.Health)).Health);
        await worker.StopAsync(_token);
    }

    [Fact]
    public async Task Run_TheServerForgotTheSearchAttributes_RegistersThemAgainAndRunsGoOn()
    {
        await using var server = await TestServer.StartAsync();
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        using var state = new TempFolder();
        await using var worker = WorkerHost.Create(Options(server, estate, state), log => log.SetMinimumLevel(LogLevel.None));
        await worker.StartAsync(_token);
        await Eventually.TrueAsync(() => worker.Health.Ready, "the worker is ready", 60);

        // What a database that was put back to before they were registered looks like.
        var removal = new RemoveSearchAttributesRequest { Namespace = server.Client.Options.Namespace };
        removal.SearchAttributes.AddRange(SearchAttributeNames.All.Select(key => key.Name));
        await server.Client.Connection.OperatorService.RemoveSearchAttributesAsync(removal);

        var run = await server.Client.StartWorkflowAsync(
            WorkflowTypes.BackupRestore, [new BackupRestoreInput { Node = "fullnode-0", Mode = RunMode.DryRun, Operator = "alice" }], new($"restore-{Guid.NewGuid():N}", Names.ControlQueue));
        await Eventually.TrueAsync(async () =>
        {
            var known = await server.Client.Connection.OperatorService.ListSearchAttributesAsync(new() { Namespace = removal.Namespace });
            return SearchAttributeNames.All.All(key => known.CustomAttributes.ContainsKey(key.Name));
        }, "all are registered again", 60);
        Assert.Equal(RunPhase.Closed, (await run.GetResultAsync<RunState>()).Phase);
        await worker.StopAsync(_token);
    }

    [Fact]
    public async Task Start_ServerAway_IsNotReadyAndSaysWhy()
    {
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        using var state = new TempFolder();
        var options = new WorkerOptions { Control = true, EstatePath = estate.EstateFile(), Address = $"127.0.0.1:{FreePorts.One()}", HealthPort = 0, StateFolder = state.Path };
        await using var worker = WorkerHost.Create(options, log => log.SetMinimumLevel(LogLevel.None));
        await worker.StartAsync(_token);
        using var http = new HttpClient { BaseAddress = worker.HealthUrl };
        await Eventually.TrueAsync(async () => (await (await http.GetAsync(new Uri("/health", UriKind.Relative), _token)).Content.ReadAsStringAsync(_token)).Contains(options.Address, StringComparison.Ordinal), "it says which server");
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await http.GetAsync(new Uri("/health", UriKind.Relative), _token)).StatusCode);
        await worker.StopAsync(_token);
    }

    [Fact]
    public void Create_BadOptions_NamesAllMistakes()
    {
        using var state = new TempFolder();
        var failure = Assert.Throws<WorkerOptionsException>(() => WorkerHost.Create(new WorkerOptions
        {
            Address = "nowhere",
            HealthPort = 70000,
            EstatePath = state.File("none.yaml"),
            StateFolder = state.Path,
            ApiKey = "secret-key",
            TlsCertFile = state.File("none.pem"),
        }));
        Assert.Contains(failure.Problems, problem => problem.StartsWith("role:", StringComparison.Ordinal));
        Assert.Contains(failure.Problems, problem => problem.StartsWith("address:", StringComparison.Ordinal));
        Assert.Contains(failure.Problems, problem => problem.StartsWith("health port:", StringComparison.Ordinal));
        Assert.Contains(failure.Problems, problem => problem.StartsWith("estate:", StringComparison.Ordinal));
        Assert.Contains(failure.Problems, problem => problem.StartsWith("tls", StringComparison.Ordinal));
        Assert.Contains(failure.Problems, problem => problem.StartsWith("api key:", StringComparison.Ordinal));
        Assert.DoesNotContain("secret-key", failure.Message, StringComparison.Ordinal);
    }

    private static WorkerOptions Options(TestServer server, MiniEstate estate, TempFolder state) => new()
    {
        Control = true,
        Nodes = ["fullnode-0"],
        EstatePath = estate.EstateFile(),
        Address = server.Address,
        HealthPort = 0,
        StateFolder = state.Path,
        GracefulShutdown = TimeSpan.FromSeconds(5),
    };

    private static async Task<RunState> ClosedAsync(WorkflowHandle run)
    {
        RunState end = null!;
        await Eventually.TrueAsync(
            async () =>
            {
                end = await run.QueryAsync<RunState>(Verbs.State, []);
                Assert.True(end.Phase != RunPhase.Parked, $"{end.Headline} {string.Join(" | ", end.Journal.TakeLast(6).Select(entry => entry.Text))}");
                return end.Phase == RunPhase.Closed;
            },
            () => $"the run closes; it is {end.Phase}: {end.Headline} {string.Join(" | ", end.Journal.TakeLast(5).Select(entry => entry.Text))}",
            150);
        return await run.GetResultAsync<RunState>(rpcOptions: new() { CancellationToken = TestContext.Current.CancellationToken });
    }

    private static async Task ApproveAsync(WorkflowHandle run)
    {
        RunState? state = null;
        await Eventually.TrueAsync(
            async () =>
            {
                state = await run.QueryAsync<RunState>(Verbs.State, []);
                Assert.True(state.Phase is not (RunPhase.Parked or RunPhase.Closed), $"{state.Headline} {string.Join(" | ", state.Journal.TakeLast(4).Select(entry => entry.Text))}");
                return state.Gates.Any(gate => gate.Open);
            },
            "a gate opens",
            90);
        var gate = state!.Gates.First(one => one.Open);
        await run.SignalAsync(Verbs.Approve, [new VerbMessage { By = "bob", Gate = gate.Name, Digest = state.Plan!.Digest }]);
    }
}
