using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Anchors;

/// <summary>TrustAnchors on a world in memory: nothing that is not agreed on, signed and kept is ever called a success.</summary>
public sealed class TrustAnchorsTests(DevServer server)
{
    [Fact]
    public async Task Run_ThreeRpcsAgree_KeepsASignedAnchorInEveryRegion()
    {
        await using var harness = Started();

        var outcome = await (await harness.StartAsync(WorkflowTypes.TrustAnchors, new AnchorInput())).GetResultAsync<AnchorOutcome>();

        Assert.Equal(["us-east-1", "eu-west-1", "ap-south-1"], outcome.Kept.Select(k => k.Region));
        Assert.Equal((1198, "key-1"), (outcome.Anchor.Height, outcome.KeyId));
        Assert.Empty(outcome.Problems);
        Assert.Empty(harness.World.Notifications);
    }

    [Fact]
    public async Task Run_FewerThanThreeRpcs_FailsAndTellsPeople()
    {
        await using var harness = Started();
        harness.World.References = [new("full-9")];

        var failure = await Assert.ThrowsAsync<Temporalio.Exceptions.WorkflowFailedException>(
            async () => await (await harness.StartAsync(WorkflowTypes.TrustAnchors, new AnchorInput())).GetResultAsync<AnchorOutcome>());

        Assert.Contains("3 are needed", failure.InnerException!.Message, StringComparison.Ordinal);
        Assert.Contains("no trust anchor was kept", Assert.Single(harness.World.Notifications).Summary, StringComparison.Ordinal);
        Assert.Empty(harness.World.Sync.Kept);
    }

    [Fact]
    public async Task Run_OneRpcDisagrees_KeepsWhatTheOthersSayAndTellsWho()
    {
        await using var harness = Started();
        harness.World.Sync.Disagree = ["full-7 says BB"];

        var outcome = await (await harness.StartAsync(WorkflowTypes.TrustAnchors, new AnchorInput())).GetResultAsync<AnchorOutcome>();

        Assert.Contains("full-7 says BB", Assert.Single(outcome.Problems), StringComparison.Ordinal);
        Assert.Contains("full-7 says BB", Assert.Single(harness.World.Notifications).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ARegionDoesNotKeepIt_SaysSoAndTellsPeople()
    {
        await using var harness = Started();
        harness.World.Faults.Fail("anchors.keep:eu-west-1");

        var outcome = await (await harness.StartAsync(WorkflowTypes.TrustAnchors, new AnchorInput())).GetResultAsync<AnchorOutcome>();

        Assert.Equal(2, outcome.Kept.Count);
        Assert.Contains("eu-west-1 does not have the trust anchor", Assert.Single(outcome.Problems), StringComparison.Ordinal);
        Assert.Single(harness.World.Notifications);
    }

    [Fact]
    public async Task Run_TheSigningHostSeesAnotherBlock_FailsAndKeepsNothing()
    {
        await using var harness = Started();
        harness.World.Faults.Fail("anchors.sign", ErrorTypes.Untrusted);

        await Assert.ThrowsAsync<Temporalio.Exceptions.WorkflowFailedException>(
            async () => await (await harness.StartAsync(WorkflowTypes.TrustAnchors, new AnchorInput())).GetResultAsync<AnchorOutcome>());

        Assert.Empty(harness.World.Sync.Kept);
        Assert.Single(harness.World.Notifications);
    }

    private Harness Started()
    {
        var harness = Harness.Start(server);
        harness.World.References = [new("full-9"), new("full-8"), new("full-7")];
        return harness;
    }
}
