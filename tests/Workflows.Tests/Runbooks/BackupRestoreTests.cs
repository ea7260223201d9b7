using Temporalio.Client;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Runbooks;

public sealed class BackupRestoreTests(DevServer server)
{
    [Fact]
    public async Task Run_ApprovedOnce_RestoresProvesAndFreesTheLock()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.RestoreAsync();

        var asked = await run.WhenAsync(RunPhase.AwaitingApproval);
        Assert.Empty(harness.World.Acts);
        var reply = await run.ApproveAsync();
        Assert.True(reply.Accepted, reply.Message);
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal("Running/backup", harness.World.Summary);
        Assert.Equal(["restore.stage", "node.stop", "restore.swap", "node.start"], harness.World.Acts.Select(a => a.Activity));
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7", "8"], state.Steps.Select(s => s.Number));
        Assert.All(state.Steps, s => Assert.Equal(StepStatus.Done, s.Status));
        Assert.NotNull(state.Clock.ProvenAt);
        Assert.True(state.Clock.AtGates > TimeSpan.Zero);
        Assert.Equal(asked.Plan!.Digest, state.Plan!.Digest);
        Assert.StartsWith("evidence/", state.Evidence, StringComparison.Ordinal);
        var last = await harness.Client.GetWorkflowHandle(harness.LockId).DescribeAsync();
        Assert.Equal(Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Completed, last.Status);
    }

    [Fact]
    public async Task Run_WrongInput_ListsEverythingAtOnce()
    {
        await using var harness = Harness.Start(server, node: false);
        var run = await harness.RestoreAsync(i => i with { Node = " ", Kind = "tapes", IncidentClass = "D9", Backup = "x", At = DateTimeOffset.UnixEpoch });

        var failure = await run.FailureAsync();

        Assert.Equal(ErrorTypes.InvalidInput, failure?.ErrorType);
        Assert.Equal(["node:", "kind:", "at:", "incidentClass:"], failure!.Message.Split('\n').Select(l => l.Split(' ')[0]));
    }

    [Theory]
    [InlineData(RunMode.Live, true, "simulated")]
    [InlineData(RunMode.Practice, false, "real")]
    public async Task Run_ModeDoesNotFitTheEstate_IsRefusedBeforeTheLock(RunMode mode, bool simulated, string word)
    {
        await using var harness = Harness.Start(server);
        harness.World.Simulated = simulated;
        var run = await harness.RestoreAsync(i => i with { Mode = mode });

        var failure = await run.FailureAsync();

        Assert.Equal(ErrorTypes.InvalidInput, failure?.ErrorType);
        Assert.Contains(word, failure!.Message, StringComparison.Ordinal);
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Run_UnknownNode_FailsAndSaysWhichThereAre()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.RestoreAsync(i => i with { Node = "nobody" });

        var failure = await run.FailureAsync();

        Assert.Equal(ErrorTypes.NotFound, failure?.ErrorType);
        Assert.Contains(harness.World.Node, failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoBackup_ClosesAsFailedAndFreesTheLock()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("repository.choose", ErrorTypes.NotFound);
        var run = await harness.RestoreAsync();

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Failed, state.Outcome);
        Assert.Contains("repository.choose", state.Headline, StringComparison.Ordinal);
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Run_DryRun_ShowsStepsGatesBoundsAndTouchesNothing()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.RestoreAsync(i => i with { Mode = RunMode.DryRun });

        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Planned, state.Outcome);
        Assert.Equal(8, state.Steps.Count);
        Assert.Equal("restore", Assert.Single(state.Gates).Name);
        Assert.Contains(state.Plan!.Bounds, b => b.Contains("1000-backup-1", StringComparison.Ordinal));
        Assert.Equal(["estate", "target", "backup", "node", "staging", "chain"], state.Facts.Select(f => f.Name));
        Assert.Empty(harness.World.Acts);
    }

    [Fact]
    public async Task Gate_NotNeededForThisKind_IsLeftOutExceptForAnOlderBackup()
    {
        await using var harness = Harness.Start(server);
        harness.World.Approvals = new() { NotNeededFor = [NodeKind.Full] };
        var first = await (await harness.RestoreAsync()).ResultAsync();
        harness.World.Data = "former";
        harness.World.Staged = "none";
        harness.World.Newer = ["1100-backup-2: its signature is wrong"];

        var run = await harness.RestoreAsync();
        var state = await run.WhenAsync(RunPhase.AwaitingApproval);

        Assert.Empty(first.Gates);
        Assert.Equal(RunOutcome.Succeeded, first.Outcome);
        Assert.Contains(state.Plan!.Bounds, b => b.Contains("blocks lost", StringComparison.Ordinal));
        Assert.Contains(state.Plan.Bounds, b => b.Contains("minutes lost", StringComparison.Ordinal));
        Assert.Contains(state.Plan.Risks, r => r.Contains("1100-backup-2", StringComparison.Ordinal));
        Assert.Contains("older", state.Gates[0].Question, StringComparison.Ordinal);
        await run.AbortAsync();
        await run.ResultAsync();
    }

    [Fact]
    public async Task Approve_BySignalAsTypedInTheTemporalCli_Counts()
    {
        await using var harness = Harness.Start(server);
        var handle = await harness.Client.StartWorkflowAsync(
            "RB-DR-006", [new Dictionary<string, string> { ["node"] = harness.World.Node, ["mode"] = "practice", ["operator"] = "alice" }],
            new($"typed-{Guid.NewGuid():N}", harness.Control));
        var run = new Run(handle);
        var state = await run.WhenAsync(RunPhase.AwaitingApproval);

        await handle.SignalAsync(
            "approve", [new Dictionary<string, string> { ["by"] = "bob", ["gate"] = "restore", ["digest"] = state.Plan!.Digest[..8] }]);

        Assert.Equal(RunOutcome.Succeeded, (await run.ResultAsync()).Outcome);
    }
}
