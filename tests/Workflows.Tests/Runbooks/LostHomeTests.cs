using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Runbooks;

/// <summary>RB-DR-006 on a node whose home was lost completely.</summary>
public sealed class LostHomeTests(DevServer server)
{
    private static readonly string[] Steps = ["choose", "stop", "prepare", "node-key", "download", "verify", "swap", "start", "prove", "reconcile"];

    [Fact]
    public async Task Run_HomeLost_PreparesItFirstAndRestores()
    {
        await using var harness = Lost();
        var run = await harness.RestoreAsync();

        var asked = await run.WhenAsync(RunPhase.AwaitingApproval);
        Assert.Empty(harness.World.Acts);

        // Whoever takes the run over finds the same steps, although the home is whole by then.
        Assert.Contains("config/genesis.json", $"{asked.Handover!.Input}", StringComparison.Ordinal);
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal("Running/backup", harness.World.Summary);
        Assert.Equal(["home.prepare", "home.make-node-key", "restore.stage", "restore.swap", "node.start"], harness.World.Acts.Select(a => a.Activity));
        Assert.Equal(Steps, state.Steps.Select(s => s.Id));
        Assert.Equal(Enumerable.Range(1, 10).Select(n => $"{n}"), state.Steps.Select(s => s.Number));
        Assert.Equal(asked.Plan!.Digest, state.Plan!.Digest);
        Assert.Contains("its lost home was prepared", asked.Gates[0].Question, StringComparison.Ordinal);
        Assert.Contains(state.Plan.Risks, r => r.Contains("check that its disk is mounted", StringComparison.Ordinal));
        Assert.Contains(state.Journal, j => j.Event == "step.done" && j.Text.Contains("node id fresh-id", StringComparison.Ordinal));
        Assert.Contains(state.Missing, m => m.Contains("fresh-id", StringComparison.Ordinal));
        Assert.Contains(state.Missing, m => m.StartsWith("/etc/istio/mesh.yaml", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_DryRun_ShowsTheStepsAndTouchesNothing()
    {
        await using var harness = Lost();
        var run = await harness.RestoreAsync(i => i with { Mode = RunMode.DryRun });

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Planned, state.Outcome);
        Assert.Equal(Steps, state.Steps.Select(s => s.Id));
        Assert.Contains(state.Plan!.Bounds, b => b.Contains("no consensus key is made or restored", StringComparison.Ordinal));
        Assert.Contains(state.Facts, f => f.Name == "home" && f.Value.Contains("config/genesis.json", StringComparison.Ordinal));
        Assert.Empty(harness.World.Acts);
        Assert.Equal("lost", harness.World.Home);
    }

    [Fact]
    public async Task Run_NoConfigurationBackup_ClosesAndSaysWhatToDo()
    {
        await using var harness = Lost();
        harness.World.Faults.Fail("repository.choose:configuration", ErrorTypes.NotFound);
        var run = await harness.RestoreAsync();

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Contains("Put config.toml, app.toml and genesis.json", state.Headline, StringComparison.Ordinal);
        Assert.Empty(harness.World.Acts);
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Run_Validator_StaysKeylessAndStopped()
    {
        await using var harness = Lost();
        harness.World.Kind = NodeKind.Validator;
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Partial, state.Outcome);
        Assert.Equal("Stopped/backup", harness.World.Summary);
        Assert.DoesNotContain(harness.World.Acts, a => a.Activity == "node.start");
        Assert.Contains(state.Missing, m => m.Contains("no consensus key", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("home.observe", false, false)]
    [InlineData("home.observe", false, true)]
    [InlineData("home.prepare", false, false)]
    [InlineData("home.prepare", false, true)]
    [InlineData("home.prepare", true, false)]
    [InlineData("home.prepare", true, true)]
    [InlineData("home.make-node-key", false, false)]
    [InlineData("home.make-node-key", false, true)]
    [InlineData("home.make-node-key", true, false)]
    [InlineData("home.make-node-key", true, true)]
    [InlineData("restore.stage", true, true)]
    [InlineData("restore.swap", false, true)]
    [InlineData("node.start", false, true)]
    public async Task Run_ACallFails_EndsBeforeOrAfter(string activity, bool lost, bool abort)
    {
        await using var harness = Lost();
        var run = await harness.RestoreAsync();
        await run.WhenAsync(RunPhase.AwaitingApproval);
        if (lost)
        {
            harness.World.Faults.LoseAnswer(activity);
        }
        else
        {
            harness.World.Faults.Fail(activity);
        }

        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);
        if (abort)
        {
            await run.AbortAsync();
        }
        else
        {
            await run.DoAsync(Verbs.Retry);
        }

        var state = await run.ResultAsync();

        Assert.Equal(!abort, state.Outcome == RunOutcome.Succeeded);
        Assert.Equal(abort ? "Stopped/former/lost/" : "Running/backup/prepared/fresh-id", $"{harness.World.Summary}/{harness.World.Home}/{harness.World.NodeId}");
        Assert.False(await harness.LockedAsync());
        var registered = state.Journal.Where(j => j.Event == "undo.registered").Select(j => j.Text.Split(':')[0]).ToHashSet();
        Assert.All(harness.World.Acts.Where(a => a.Key.Direction == "do"), a => Assert.Contains(a.Key.Step, registered));
    }

    [Theory]
    [InlineData("home.unprepare")]
    [InlineData("home.remove-node-key")]
    public async Task Unwind_AnUndoLosesItsAnswer_HoldsTheLockUntilItIsProven(string activity)
    {
        await using var harness = Lost();
        harness.World.Healthy = false;
        var run = await harness.RestoreAsync();
        await run.ApproveAsync();
        await run.WhenAsync(RunPhase.Parked);
        harness.World.Faults.LoseAnswer(activity);

        await run.AbortAsync();
        await run.WhenAsync(RunPhase.Parked);
        Assert.True(await harness.LockedAsync());
        await run.DoAsync(Verbs.Retry);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Equal("lost", harness.World.Home);
        Assert.Null(harness.World.NodeId);
    }

    [Fact]
    public async Task Run_Configuration_PlacesWhatIsMissingAndLeavesTheNodeAlone()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.RestoreAsync(i => i with { Kind = BackupKinds.Configuration });
        await run.ApproveAsync();

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["restore.stage", "home.prepare"], harness.World.Acts.Select(a => a.Activity));
        Assert.Equal(ProcessState.Running, harness.World.Process);
        Assert.Contains(state.Missing, m => m.Contains("root/… is what lies outside the home", StringComparison.Ordinal));
        Assert.Contains(state.Missing, m => m.StartsWith("/etc/istio/mesh.yaml", StringComparison.Ordinal));
    }

    private Harness Lost()
    {
        var harness = Harness.Start(server);
        (harness.World.Home, harness.World.NodeId, harness.World.Process) = ("lost", null, ProcessState.Stopped);
        return harness;
    }
}
