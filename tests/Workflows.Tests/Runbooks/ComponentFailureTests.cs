using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Runbooks;

/// <summary>RB-DR-001 for provider daemons, API gateways and monitoring servers: their probe classes, proves and watches them.</summary>
public sealed class ComponentFailureTests(DevServer server)
{
    [Theory]
    [InlineData(NodeKind.Provider)]
    [InlineData(NodeKind.Gateway)]
    [InlineData(NodeKind.Monitoring)]
    public async Task Run_Crashed_IsRestartedAndProvenByItsProbe(NodeKind kind)
    {
        await using var harness = Start(kind, ProcessState.Stopped, whole: true);

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["node.start"], harness.World.Acts.Select(a => a.Activity));
        Assert.Equal(StepStatus.Done, Step(state, "prove").Status);
        Assert.Contains("probe", Step(state, "prove").Title, StringComparison.Ordinal);
        Assert.NotNull(state.Clock.ProvenAt);
    }

    [Fact]
    public async Task Run_GatewayThatServesOldBlocks_IsRestarted()
    {
        await using var harness = Start(NodeKind.Gateway, ProcessState.Running, whole: true);
        harness.World.Healthy = false;
        harness.World.Findings = [HealthFindings.OldBlock, HealthFindings.Behind];
        harness.World.OnStart = world => world.Healthy = true;

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Contains("Stuck", Step(state, "class").Detail, StringComparison.Ordinal);
        Assert.Equal(["node.stop", "node.start"], harness.World.Acts.Select(a => a.Activity));
    }

    [Fact]
    public async Task Run_GatewayOfAHaltedChain_IsLeftAlone()
    {
        await using var harness = Start(NodeKind.Gateway, ProcessState.Running, whole: false);
        harness.World.Findings = [HealthFindings.OldBlock, HealthFindings.ChainStands];

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Empty(harness.World.Acts);
    }

    [Fact]
    public async Task Run_ProviderWhoseRestartDoesNotHelp_GetsItsState()
    {
        await using var harness = Start(NodeKind.Provider, ProcessState.Stopped, whole: false);

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal("Running/backup", harness.World.Summary);
        Assert.Equal(["node.start", "restore.stage", "node.stop", "restore.swap", "node.start"], harness.World.Acts.Select(a => a.Activity));
        Assert.StartsWith("it did not help", Step(state, "restart-helped").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ProviderWithoutData_IsNeverStartedOnNothing()
    {
        await using var harness = Start(NodeKind.Provider, ProcessState.Stopped, whole: false);
        harness.World.DataPresent = false;

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Contains("DiskLost", Step(state, "class").Detail, StringComparison.Ordinal);
        Assert.Equal(["restore.stage", "restore.swap", "node.start"], harness.World.Acts.Select(a => a.Activity));
    }

    [Theory]
    [InlineData(NodeKind.Gateway)]
    [InlineData(NodeKind.Monitoring)]
    public async Task Run_HomeLost_ComesBackFromTheConfigurationBackup(NodeKind kind)
    {
        await using var harness = Start(kind, ProcessState.Stopped, whole: true);
        harness.World.Home = "lost";
        harness.World.Faults.LoseAnswer("home.prepare");
        var run = await harness.CureAsync();
        await run.WhenAsync(RunPhase.Parked);
        await run.DoAsync(Verbs.Retry);

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal("prepared", harness.World.Home);
        Assert.Equal(["home.prepare", "node.start"], harness.World.Acts.Select(a => a.Activity));
        Assert.DoesNotContain(state.Steps, s => s.Id is "node-key" or "swap");
    }

    [Fact]
    public async Task Run_HomeLostAndAborted_IsLeftAsItWas()
    {
        await using var harness = Start(NodeKind.Gateway, ProcessState.Stopped, whole: false);
        harness.World.Home = "lost";
        var run = await harness.CureAsync();
        await run.WhenAsync(RunPhase.Parked);
        await run.AbortAsync();

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Equal(("lost", ProcessState.Stopped), (harness.World.Home, harness.World.Process));
    }

    [Fact]
    public async Task Run_TornMonitoring_HasNoCureAndIsNotTouched()
    {
        await using var harness = Start(NodeKind.Monitoring, ProcessState.Stopped, whole: false);
        harness.World.Symptoms = [new(Symptoms.CorruptStore, "opening storage failed")];

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Empty(harness.World.Acts);
        Assert.Contains("set its data folder aside", string.Join('\n', state.Journal.Select(j => j.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_StateSyncOrRestoreOfAGateway_IsRefused()
    {
        await using var harness = Start(NodeKind.Gateway, ProcessState.Stopped, whole: true);

        var sync = await (await harness.CureAsync(i => i with { Cure = Cures.StateSync })).ResultAsync();
        var restore = await (await harness.CureAsync(i => i with { Cure = Cures.Restore })).ResultAsync();

        Assert.Equal((RunOutcome.Failed, RunOutcome.Failed), (sync.Outcome, restore.Outcome));
        Assert.Contains("only a full node is state-synced", string.Join('\n', sync.Journal.Select(j => j.Text)), StringComparison.Ordinal);
        Assert.Contains("there is nothing to restore", string.Join('\n', restore.Journal.Select(j => j.Text)), StringComparison.Ordinal);
        Assert.Empty(harness.World.Acts);
    }

    [Fact]
    public async Task Run_WithoutAProbe_EndsPartialAndSaysWhatIsMissing()
    {
        await using var harness = Start(NodeKind.Provider, ProcessState.Stopped, whole: true);
        harness.World.HasProbe = false;

        var state = await (await harness.CureAsync()).ResultAsync();

        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.Contains("probe", Step(state, "prove").Detail, StringComparison.Ordinal);
        Assert.Null(state.Clock.ProvenAt);
    }

    [Fact]
    public async Task Restore_ProviderState_IsProvenByTheProbe()
    {
        await using var harness = Start(NodeKind.Provider, ProcessState.Running, whole: false);
        var run = await harness.RestoreAsync(i => i with { Kind = Contracts.Backups.BackupKinds.ProviderState });
        await run.ApproveAsync();

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(StepStatus.Done, Step(state, "prove").Status);
    }

    private Harness Start(NodeKind kind, ProcessState process, bool whole)
    {
        var harness = Harness.Start(server);
        (harness.World.Kind, harness.World.Process, harness.World.FormerIsWhole) = (kind, process, whole);
        return harness;
    }

    private static StepState Step(RunState state, string id) => state.Steps.Single(step => step.Id == id);
}
