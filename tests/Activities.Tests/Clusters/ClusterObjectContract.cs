using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;

namespace VirtEngine.DR.Activities.Tests.Clusters;

/// <summary>What every cluster keeps of ConfigMaps and Services.</summary>
public abstract class ClusterObjectContract : ClusterContract
{
    private const string Name = "prometheus-targets";

    [Fact]
    public async Task Config_OursIsSaid_OthersStay_AndTheSameTwiceChangesNothing()
    {
        IClusterStage stage = await MakeAsync();
        await stage.PutConfigAsync(Name, "helm", Said(("scrape", "30s")));
        ConfigPlace place = Place(stage, Name);

        Assert.True(await stage.Cluster.ApplyConfigAsync(new(stage.Key(), place, Said(("region", "eu-west-1"), ("mode", "failover"))), Token));
        Assert.False(await stage.Cluster.ApplyConfigAsync(new(stage.Key(), place, Said(("region", "eu-west-1"), ("mode", "failover"))), Token));
        Assert.Equal("mode=failover, region=eu-west-1, scrape=30s", Text(await stage.Cluster.ReadConfigAsync(place, Token)));

        Assert.True(await stage.Cluster.ApplyConfigAsync(new(stage.Key(direction: "undo"), place, Said(("region", "us-east-1"))), Token));
        Assert.Equal("region=us-east-1, scrape=30s", Text(await stage.Cluster.ReadConfigAsync(place, Token)));
    }

    [Fact]
    public async Task Config_KeyOfSomebodyElse_IsNotTaken_AndIsNamed()
    {
        IClusterStage stage = await MakeAsync();
        await stage.PutConfigAsync(Name, "helm", Said(("region", "us-east-1")));

        var failure = await Make.FailureAsync(stage.Cluster.ApplyConfigAsync(new(stage.Key(), Place(stage, Name), Said(("region", "eu-west-1"))), Token));

        Assert.Equal((ErrorTypes.Conflict, true), (failure.ErrorType, failure.NonRetryable));
        Assert.Contains(".data.region", failure.Message, StringComparison.Ordinal);
        Assert.Contains("helm", failure.Message, StringComparison.Ordinal);
        Assert.Equal("region=us-east-1", Text(await stage.Cluster.ReadConfigAsync(Place(stage, Name), Token)));
    }

    [Fact]
    public async Task Config_LateAttempt_IsFenced()
    {
        IClusterStage stage = await MakeAsync();
        await stage.PutConfigAsync(Name, "helm", Said(("scrape", "30s")));
        var late = stage.Key();
        await stage.Cluster.ApplyConfigAsync(new(stage.Key(), Place(stage, Name), Said(("region", "eu-west-1"))), Token);

        var failure = await Make.FailureAsync(stage.Cluster.ApplyConfigAsync(new(late, Place(stage, Name), Said(("region", "ap-south-1"))), Token));

        Assert.Equal(ErrorTypes.Fenced, failure.ErrorType);
    }

    [Fact]
    public async Task Config_ThatIsNotThere_IsNeverMade()
    {
        IClusterStage stage = await MakeAsync();

        Assert.Null(await stage.Cluster.ReadConfigAsync(Place(stage, "none"), Token));
        Assert.Equal(ErrorTypes.NotFound, (await Make.FailureAsync(stage.Cluster.ApplyConfigAsync(new(stage.Key(), Place(stage, "none"), Said(("a", "b"))), Token))).ErrorType);
        Assert.Null(await stage.Cluster.ReadConfigAsync(Place(stage, "none"), Token));
    }

    [Fact]
    public async Task Addresses_IpOrHostName_AndWhyThereIsNone()
    {
        IClusterStage stage = await MakeAsync();
        ServiceAddress[] both = [new(ServiceAddressKind.Ip, "203.0.113.7"), new(ServiceAddressKind.HostName, "lb-1.example.com")];
        await stage.PutServiceAsync("balanced", both);
        await stage.PutServiceAsync("waiting", []);
        await stage.PutServiceAsync("inner", null);

        Assert.Equal(both, (await AddressesAsync(stage, "balanced")).Addresses);
        Assert.Contains("no address yet", (await AddressesAsync(stage, "waiting")).Why, StringComparison.Ordinal);
        Assert.Contains("ClusterIP", (await AddressesAsync(stage, "inner")).Why, StringComparison.Ordinal);
        Assert.Equal(ErrorTypes.NotFound, (await Make.FailureAsync(AddressesAsync(stage, "none"))).ErrorType);
    }

    private static Task<ServiceAddresses> AddressesAsync(IClusterStage stage, string name) => stage.Cluster.AddressesAsync(new(stage.Target.Cluster.Namespace, name), Token);

    private static ConfigPlace Place(IClusterStage stage, string name) => new(stage.Target.Cluster.Namespace, name);

    private static Dictionary<string, string> Said(params (string Key, string Value)[] data) => data.ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal);

    private static string Text(IReadOnlyDictionary<string, string>? data) => string.Join(", ", (data ?? Said()).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}"));
}
