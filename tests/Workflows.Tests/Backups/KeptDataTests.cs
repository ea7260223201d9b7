using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Backups;

/// <summary>Former data goes only when it is asked for, under the lock, and when something better is shown.</summary>
public sealed class KeptDataTests(DevServer server)
{
    [Fact]
    public async Task Kept_ByDefault_DeletesNothingAndSaysWhy()
    {
        await using var harness = Harness.Start(server);
        harness.World.Data = "backup";
        Keep(harness, "a", since: DateTimeOffset.UtcNow);

        var outcome = await RunAsync(harness, new() { Node = harness.World.Node });

        Assert.True(outcome.DryRun);
        Assert.Equal((true, "the node is healthy at height 1200"), Assert.Single(outcome.Decisions) is var one ? (one.Drop, one.Reason) : default);
        Assert.Single(harness.World.Kept);
        Assert.Empty(harness.World.Acts);
    }

    [Fact]
    public async Task Drop_NodeNotHealthy_TakesOnlyWhatAProvenBackupIsNewerThan()
    {
        await using var harness = Harness.Start(server);
        harness.World.Healthy = false;
        Keep(harness, "before", since: Slices.Backup(harness.World, "1000-backup-1", BackupKinds.ChainState).TakenAt.AddHours(-1));
        Keep(harness, "after", since: DateTimeOffset.UtcNow.AddHours(1));

        var outcome = await RunAsync(harness, new() { Node = harness.World.Node, Apply = true });

        Assert.Equal("after", Assert.Single(harness.World.Kept).Key);
        Assert.Equal(100, outcome.FreedBytes);
        Assert.Contains("may be all there is", outcome.Decisions.Single(decision => !decision.Drop).Reason, StringComparison.Ordinal);
        Assert.False(await harness.LockedAsync());
    }

    [Fact]
    public async Task Drop_WithoutProofAndWithWords_TakesItAndRecordsThem()
    {
        await using var harness = Harness.Start(server);
        harness.World.Healthy = false;
        Keep(harness, "after", since: DateTimeOffset.UtcNow.AddHours(1));

        var outcome = await RunAsync(harness, new() { Node = harness.World.Node, Apply = true, WithoutProof = "the disk is full and the node is given up", Operator = "alice" });

        Assert.Empty(harness.World.Kept);
        Assert.Contains("alice: the disk is full", Assert.Single(outcome.Decisions).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drop_RunHoldsTheNode_IsRefusedAndNothingGoes()
    {
        await using var harness = Harness.Start(server);
        harness.World.Data = "backup";
        Keep(harness, "a", since: DateTimeOffset.UtcNow);
        var restore = await harness.RestoreAsync();
        await restore.WhenAsync(Contracts.Flow.RunPhase.AwaitingApproval);

        var failure = await BackupWorkflowTests.ThrownAsync(await harness.StartAsync(WorkflowTypes.KeptData, new KeptInput { Node = harness.World.Node, Apply = true }));

        Assert.Equal(ErrorTypes.Locked, failure.ErrorType);
        Assert.Single(harness.World.Kept);
        await restore.Handle.TerminateAsync();
    }

    [Fact]
    public async Task Drop_UnfinishedSwapOrUnknownName_IsSaid()
    {
        await using var harness = Harness.Start(server);
        harness.World.Data = "backup";
        harness.World.Kept["a"] = new("a", "/kept/a", 100, DateTimeOffset.UtcNow, new string('d', 64), "its swap is not finished");

        var outcome = await RunAsync(harness, new() { Node = harness.World.Node, Apply = true });
        var unknown = await BackupWorkflowTests.ThrownAsync(await harness.StartAsync(WorkflowTypes.KeptData, new KeptInput { Node = harness.World.Node, Folder = "b" }));
        var wrong = await BackupWorkflowTests.ThrownAsync(await harness.StartAsync(WorkflowTypes.KeptData, new KeptInput { WithoutProof = "yes" }));

        Assert.False(Assert.Single(outcome.Decisions).Drop);
        Assert.Equal((ErrorTypes.NotFound, ErrorTypes.InvalidInput), (unknown.ErrorType, wrong.ErrorType));
        Assert.Contains("it keeps a", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(["node:", "withoutProof:"], wrong.Message.Split('\n').Select(line => line.Split(' ')[0]));
        Assert.Single(harness.World.Kept);
    }

    private static void Keep(Harness harness, string name, DateTimeOffset since) =>
        harness.World.Kept[name] = new(name, "/kept/" + name, 100, since, new string('d', 64), null);

    private static async Task<KeptOutcome> RunAsync(Harness harness, KeptInput input) =>
        await (await harness.StartAsync(WorkflowTypes.KeptData, input)).GetResultAsync<KeptOutcome>().WaitAsync(TimeSpan.FromSeconds(60));
}
