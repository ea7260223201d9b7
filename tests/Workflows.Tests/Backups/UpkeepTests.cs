using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Backups;

public sealed class UpkeepTests(DevServer server)
{
    [Fact]
    public async Task Verify_ToRungFour_ReadsEveryRegionAndProvesOnce()
    {
        await using var harness = Harness.Start(server);

        var outcome = await VerifyAsync(harness, new() { Node = harness.World.Node });

        Assert.Equal([("us-east-1", 3), ("us-east-1", 4), ("eu-west-1", 3)], outcome.Verified.Select(v => (v.Region, v.Rung)));
        Assert.Empty(outcome.Failures);
    }

    [Fact]
    public async Task Verify_ARegionFails_ProvesFromTheOtherAndTells()
    {
        await using var harness = Harness.Start(server);
        harness.World.Faults.Fail("repository.verify", ErrorTypes.Untrusted);

        var outcome = await VerifyAsync(harness, new() { Node = harness.World.Node });

        Assert.Equal([("eu-west-1", 3), ("eu-west-1", 4)], outcome.Verified.Select(v => (v.Region, v.Rung)));
        Assert.Contains("us-east-1", Assert.Single(outcome.Failures), StringComparison.Ordinal);
        Assert.Single(harness.World.Notifications);
    }

    [Fact]
    public async Task Verify_WrongInput_ListsEverythingAtOnce()
    {
        await using var harness = Harness.Start(server, node: false);

        var failure = await BackupWorkflowTests.ThrownAsync(
            await harness.StartAsync(WorkflowTypes.VerifyBackups, new VerifyInput { Rung = 5, Kind = "tapes", Backup = "x" }));

        Assert.Equal(ErrorTypes.InvalidInput, failure.ErrorType);
        Assert.Equal(["rung:", "kind:", "node:"], failure.Message.Split('\n').Select(l => l.Split(' ')[0]));
    }

    [Fact]
    public async Task Prune_ByDefault_DeletesNothingAndShowsEachDecision()
    {
        await using var harness = Harness.Start(server, node: false);

        var outcome = await PruneAsync(harness, new());

        Assert.True(outcome.DryRun);
        Assert.Equal(9, outcome.Decisions.Count);
        Assert.Equal(0, outcome.DeletedObjects);
    }

    [Fact]
    public async Task Prune_ARegionCannotBeRead_IsLeftAloneAndTold()
    {
        await using var harness = Harness.Start(server, node: false);
        harness.World.Faults.Fail("repository.prune");

        var outcome = await PruneAsync(harness, new() { Kind = BackupKinds.ChainState, DryRun = false });

        Assert.Equal(4, outcome.DeletedObjects);
        Assert.Contains(outcome.Decisions, d => d is { Region: "us-east-1", Keep: true } && d.Reason.StartsWith("not pruned", StringComparison.Ordinal));
        Assert.Single(harness.World.Notifications);
    }

    private static async Task<VerifyOutcome> VerifyAsync(Harness harness, VerifyInput input) =>
        await (await harness.StartAsync(WorkflowTypes.VerifyBackups, input)).GetResultAsync<VerifyOutcome>().WaitAsync(TimeSpan.FromSeconds(60));

    private static async Task<PruneOutcome> PruneAsync(Harness harness, PruneInput input) =>
        await (await harness.StartAsync(WorkflowTypes.PruneBackups, input)).GetResultAsync<PruneOutcome>().WaitAsync(TimeSpan.FromSeconds(60));
}
