using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Chain.CometBft;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Tests.Chain;

/// <summary>What the full nodes hold, and the age of the backups beside it.</summary>
public sealed class RpoActivitiesTests
{
    [Fact]
    public async Task Measure_RegionsAtDifferentHeights_ReportsTheHeadsThatTheyHave()
    {
        var rpcs = new FakeRpcs().Add("a", 100).Add("b", 100).Add("c", 97).Add("d", null).Add("e", 200, chain: "other-1");
        var holdings = await Measure(rpcs, ("a", "east"), ("b", "east"), ("c", "west"), ("d", "south"), ("e", "south"));

        Assert.Equal(100, holdings.Tip);
        Assert.Equal(["97,100", "97,100", "97", "", ""], holdings.Nodes.Select(node => string.Join(',', node.Blocks.Select(block => block.Height))));
        Assert.Equal([null, null, null, "it does not answer", "is of chain 'other-1', not 'virtengine-1'"], holdings.Nodes.Select(node => node.Problem));
    }

    [Fact]
    public async Task Measure_NobodyAnswers_IsAnAnswer()
    {
        var holdings = await Measure(new FakeRpcs().Add("a", null), ("a", "east"));

        Assert.Null(holdings.Tip);
        Assert.NotNull(Assert.Single(holdings.Nodes).Problem);
    }

    [Fact]
    public async Task MeasureAndBackups_RealNodes_HoldTheSameTipAndTellOfMissingBackups()
    {
        await using var estate = await MiniEstate.StartAsync(TestContext.Current.CancellationToken);
        using var rpcs = new CometBftRpcFactory();
        var rpo = new RpoActivities(rpcs, estate.Repository);
        var validator = estate.Network["validator-0"];

        var holdings = await rpo.MeasureAsync(new(
            estate.Network.ChainId, [new("fullnode-0", "r1", estate.Full.Rpc.AbsoluteUri), new("validator-0", "r2", validator.Rpc.AbsoluteUri)], TimeSpan.FromSeconds(5)));
        var none = Assert.Single(await rpo.BackupsAsync(new(estate.Slice, ["fullnode-0"])));
        var taken = await estate.BackUpAsync("one");
        await estate.Repository.VerifyAsync(new(estate.Slice, taken, estate.Slice.Buckets[0], 3));
        var ages = await rpo.BackupsAsync(new(estate.Slice, ["fullnode-0"]));

        // The tip was seen first, and the other node has it a moment later.
        Assert.Contains(holdings.Tip!.Value, holdings.Nodes[0].Blocks.Select(block => block.Height));
        Assert.Equal(
            holdings.Nodes[0].Blocks.Single(block => block.Height == holdings.Tip).Hash, holdings.Nodes[1].Blocks.Single(block => block.Height == holdings.Tip).Hash);
        Assert.Contains("no backup yet", none.Problem, StringComparison.Ordinal);
        Assert.Equal("fullnode-0", Assert.Single(ages).Node);
        Assert.True(ages[0].Id == taken.Id || ages[0].Problem is not null);
    }

    private static Task<Holdings> Measure(FakeRpcs rpcs, params (string Node, string Region)[] nodes) => new RpoActivities(rpcs, null!).MeasureAsync(
        new("virtengine-1", [.. nodes.Select(one => new FullNodeRpc(one.Node, one.Region, $"http://{one.Node}:26657"))], TimeSpan.FromMilliseconds(100)));
}
