using VirtEngine.DR.Activities.Estates;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Tests.Estates;

public sealed class EstateActivitiesTests
{
    private readonly EstateActivities _activities = new(Estate(), "digest");

    [Fact]
    public async Task Node_Known_HasItsOwnBucketFirst()
    {
        var slice = await _activities.NodeAsync("full-b");
        Assert.Equal(["b", "a"], slice.Buckets.Select(bucket => bucket.Region));
        Assert.Equal("digest", slice.Target.EstateDigest);
        Assert.Equal("D1", Assert.Single(slice.Rto).Class);
    }

    /// <summary>A validator's RPC is a last resort; one full node alone may be the very one that is gone.</summary>
    [Fact]
    public async Task Node_References_AreFullNodesAndValidatorsOnlyWhereThereAreFewerThanTwo()
    {
        var estate = Estate();
        var three = estate with { Nodes = [.. estate.Nodes, Node("full-c", NodeKind.Full, "a")] };

        Assert.Equal(["full-a", "val-a"], (await _activities.NodeAsync("full-b")).References.Select(reference => reference.Node));
        Assert.Equal(["full-a", "full-c"], (await new EstateActivities(three, "digest").NodeAsync("full-b")).References.Select(reference => reference.Node));
    }

    [Fact]
    public async Task Node_Known_KnowsWhoElseLooksWhoHoldsBlocksAndWhoStandsIn()
    {
        var estate = Estate();
        estate = estate with
        {
            Observe = new() { From = ["full-a", "full-b"] },
            Nodes = [.. estate.Nodes.Select(node => node.Name == "full-b" ? node with { StandbyFor = "full-a" } : node)],
            Objectives = estate.Objectives with { Rpo = [new(BackupKinds.ChainState, TimeSpan.FromSeconds(3))] },
        };
        var slice = await new EstateActivities(estate, "digest").NodeAsync("full-a");

        Assert.Equal(["full-b"], slice.Vantages);
        Assert.Equal("full-b", slice.Standby);
        Assert.Equal([("full-a", "a"), ("full-b", "b")], slice.FullNodes!.Select(node => (node.Node, node.Region)));
        Assert.Equal(["full-a", "full-b"], slice.BackedUp);
        Assert.Equal(TimeSpan.FromSeconds(3), slice.ChainRpo);
    }

    [Fact]
    public void AnchorSources_TooFewFullNodes_AsksOtherOwnersThenValidators()
    {
        var estate = Estate();
        var signing = new SigningSpec { Buckets = [], Rpcs = [new() { Source = "theirs", Url = "https://rpc.example.org" }] };

        Assert.Equal(["full-a", "full-b", "val-a"], AnchorSources.Of(estate).Select(one => one.Node));
        Assert.Equal(["full-a", "full-b", "theirs"], AnchorSources.Of(estate with { Signing = signing }).Select(one => one.Node));
        Assert.Equal(3, AnchorSources.Of(estate with { Nodes = [.. estate.Nodes, Node("full-c", NodeKind.Full, "a")] }).Count);
    }

    [Fact]
    public async Task Node_Unknown_ListsWhatThereIs()
    {
        var failure = await Make.FailureAsync(_activities.NodeAsync("nobody"));
        Assert.Equal(ErrorTypes.NotFound, failure.ErrorType);
        Assert.Contains("full-a, full-b, val-a, prov-a", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BackedUpNodes_ByKind_AreThoseOfTheEstate()
    {
        Assert.Equal(["full-a", "full-b"], await _activities.BackedUpNodesAsync(BackupKinds.ChainState));
        Assert.Equal(["prov-a"], await _activities.BackedUpNodesAsync(BackupKinds.ProviderState));
        Assert.Equal(4, (await _activities.BackedUpNodesAsync(BackupKinds.Configuration)).Count);
        Assert.Equal(ErrorTypes.InvalidInput, (await Make.FailureAsync(_activities.BackedUpNodesAsync("keys"))).ErrorType);
    }

    private static Estate Estate() => new()
    {
        Name = "e",
        Chain = new ChainSpec { Id = "c-1" },
        Regions = [Region("a"), Region("b")],
        Nodes =
        [
            Node("full-a", NodeKind.Full, "a"), Node("full-b", NodeKind.Full, "b"),
            Node("val-a", NodeKind.Validator, "a") with { Backup = BackupMethod.None }, Node("prov-a", NodeKind.Provider, "a"),
        ],
        Backups = new BackupSpec(),
        Objectives = new ObjectivesSpec([new RtoSpec(NodeKind.Full, "D1", TimeSpan.FromMinutes(15)), new RtoSpec(NodeKind.Provider, "D1", null)], []),
        Approvals = new ApprovalSpec(),
    };

    private static RegionSpec Region(string name) => new() { Name = name, Role = RegionRole.Primary, Bucket = new BucketSpec { Url = "file:///x/" + name, Region = name } };

    private static NodeSpec Node(string name, NodeKind kind, string region) =>
        new() { Name = name, Kind = kind, Region = region, Home = "/h/" + name, Control = new ControlSpec { Type = "process" }, Rpc = $"http://{name}:26657" };
}
