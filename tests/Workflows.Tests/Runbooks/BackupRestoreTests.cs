using Temporalio.Client;
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
}
