using System.Globalization;
using k8s;
using k8s.Models;
using VirtEngine.DR.Activities.LoadBalancers;
using VirtEngine.DR.Activities.LoadBalancers.Kubernetes;
using VirtEngine.DR.Activities.Tests.Clusters;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.LoadBalancers;

namespace VirtEngine.DR.Activities.Tests.LoadBalancers;

/// <summary>A zone taken out of the load balancers of a real control plane's Services, and let in again.</summary>
[Collection(KubeRegion.Collection)]
public sealed class ServiceLoadBalancerTests(KubeRegion region) : IAsyncLifetime
{
    private const string Label = "node.kubernetes.io/exclude-from-external-load-balancers";
    private readonly SetTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ILoadBalancer Balancer => new KubernetesLoadBalancers(region.Clusters, _time).Of(new(region.Any, ExclusionKind.Service));

    private DateTimeOffset Soon => _time.Now + TimeSpan.FromHours(12);

    public async ValueTask InitializeAsync() => await region.StartAsync();

    /// <summary>Machines are the cluster's and not a test's: what a test did to them is taken back.</summary>
    public async ValueTask DisposeAsync()
    {
        _time.Now = DateTimeOffset.MaxValue;
        await Balancer.LiftExpiredAsync(CancellationToken.None);
        await PersonAsync("us-east-1a-3", null);
    }

    [Fact]
    public async Task Exclude_IsMarkedWithRunAndExpiry_TwiceTheSame_AndOnlyItsRunLiftsIt()
    {
        await PersonAsync("us-east-1a-3", "true");
        ExclusionObservation first = await Balancer.ExcludeAsync(new(region.Key("run-x"), KubeRegion.Lost, Soon), Token);
        ExclusionObservation again = await Balancer.ExcludeAsync(new(region.Key("run-x"), KubeRegion.Lost, Soon.AddHours(1)), Token);

        Assert.Equal(first.Nodes, again.Nodes);
        Assert.Equal(3, again.Others);
        Assert.Equal(["us-east-1a-1 run-x", "us-east-1a-2 run-x", "us-east-1a-3 "], again.Nodes.Select(node => $"{node.Name} {node.By}"));
        Assert.All(again.Nodes, node => Assert.True(node.Excluded));
        V1Node marked = await region.Client.CoreV1.ReadNodeAsync("us-east-1a-1", cancellationToken: Token);
        Assert.True(marked.Metadata.Labels.ContainsKey(Label));
        Assert.Equal(Soon.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), marked.Metadata.Annotations["dr.virtengine.network/excluded-until"]);

        ExclusionObservation others = await Balancer.LiftAsync(new(region.Key("run-y"), KubeRegion.Lost, "run-y"), Token);
        Assert.All(others.Nodes, node => Assert.True(node.Excluded));
        ExclusionObservation lifted = await Balancer.LiftAsync(new(region.Key("run-x", "undo"), KubeRegion.Lost, "run-x"), Token);
        Assert.Equal(["us-east-1a-3"], lifted.Nodes.Where(node => node.Excluded).Select(node => node.Name));
    }

    [Fact]
    public async Task LiftExpired_LetsInWhoseTimeIsOver_AndARenewalMovesIt()
    {
        await PersonAsync("us-east-1a-3", "true");
        await Balancer.ExcludeAsync(new(region.Key("run-z"), KubeRegion.Lost, _time.Now + TimeSpan.FromHours(1)), Token);
        Assert.Empty(await Balancer.LiftExpiredAsync(Token));
        await Balancer.RenewAsync(new(region.Key("run-z"), KubeRegion.Lost, _time.Now + TimeSpan.FromHours(3)), Token);
        _time.Now += TimeSpan.FromHours(2);
        Assert.Empty(await Balancer.LiftExpiredAsync(Token));

        _time.Now += TimeSpan.FromHours(2);
        IReadOnlyList<BalancedNode> lifted = await Balancer.LiftExpiredAsync(Token);

        Assert.Equal(["us-east-1a-1", "us-east-1a-2"], lifted.Select(node => node.Name).Order());
        Assert.Equal(["us-east-1a-3"], (await Balancer.LookAsync(KubeRegion.Lost, Token)).Nodes.Where(node => node.Excluded).Select(node => node.Name));
        var late = await Make.FailureAsync(Balancer.RenewAsync(new(region.Key("run-z"), KubeRegion.Lost, Soon), Token));
        Assert.Equal(ErrorTypes.Conflict, late.ErrorType);
    }

    [Fact]
    public async Task Exclude_LateAttemptAfterItsUndo_IsFenced()
    {
        var late = region.Key("run-l");
        await Balancer.ExcludeAsync(new(region.Key("run-l"), KubeRegion.Lost, Soon), Token);
        await Balancer.LiftAsync(new(region.Key("run-l", "undo"), KubeRegion.Lost, "run-l"), Token);

        var failure = await Make.FailureAsync(Balancer.ExcludeAsync(new(late, KubeRegion.Lost, Soon), Token));

        Assert.Equal(ErrorTypes.Fenced, failure.ErrorType);
        Assert.DoesNotContain((await Balancer.LookAsync(KubeRegion.Lost, Token)).Nodes, node => node.Excluded);
    }

    [Fact]
    public async Task Exclude_LastZone_ThatIsNotThere_OrWithoutAnExpiry_IsRefused()
    {
        await Balancer.ExcludeAsync(new(region.Key("run-o"), "us-east-1b", Soon), Token);

        var last = await Make.FailureAsync(Balancer.ExcludeAsync(new(region.Key("run-o"), KubeRegion.Lost, Soon), Token));
        Assert.Equal(ErrorTypes.Conflict, last.ErrorType);
        Assert.Contains("nothing would be left to send to", last.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorTypes.NotFound, (await Make.FailureAsync(Balancer.ExcludeAsync(new(region.Key(), "us-east-1z", Soon), Token))).ErrorType);
        foreach (DateTimeOffset until in (DateTimeOffset[])[_time.Now, _time.Now + TimeSpan.FromHours(73)])
        {
            Assert.Equal(ErrorTypes.InvalidInput, (await Make.FailureAsync(Balancer.ExcludeAsync(new(region.Key(), KubeRegion.Lost, until), Token))).ErrorType);
        }
    }

    [Fact]
    public void Of_Dns_IsRefusedInClearWords()
    {
        var failure = Assert.Throws<Temporalio.Exceptions.ApplicationFailureException>(() => new KubernetesLoadBalancers(region.Clusters, _time).Of(new(region.Any, ExclusionKind.Dns)));

        Assert.Equal(ErrorTypes.NotConfigured, failure.ErrorType);
        Assert.Contains("by Dns: there is only Service so far", failure.Message, StringComparison.Ordinal);
    }

    private Task<V1Node> PersonAsync(string node, string? label) => region.Client.CoreV1.PatchNodeAsync(
        new V1Patch(System.Text.Json.JsonSerializer.Serialize(new { metadata = new { labels = new Dictionary<string, string?> { [Label] = label } } }), V1Patch.PatchType.MergePatch), node, cancellationToken: CancellationToken.None);

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
