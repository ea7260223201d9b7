using VirtEngine.DR.Activities.Clusters;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Clusters;

/// <summary>The cluster port on a real API server, with its own scheduler and controllers.</summary>
public sealed class KubernetesClusterTests(KubeRegion region) : IClassFixture<KubeRegion>, IAsyncLifetime
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await region.StartAsync();

    /// <summary>Machines are the cluster's and not a test's: what a test did to them is taken back.</summary>
    public async ValueTask DisposeAsync()
    {
        ICluster cluster = region.Of(region.Any);
        foreach (ClusterNode node in (await cluster.LookAsync(CancellationToken.None)).Nodes.Where(node => node.CordonedBy is not null))
        {
            await cluster.UncordonAsync(node.Name, node.CordonedBy!, region.Key("cleans"), CancellationToken.None);
        }
    }

    [Fact]
    public async Task Look_SeesMachinesZonesPodsRoomAndSpread()
    {
        ClusterTarget target = await MakeAsync();

        ClusterObservation now = await region.Of(target).LookAsync(Token);

        Assert.Equal(6, now.Nodes.Count);
        Assert.All(now.Nodes, node => Assert.True(node is { Readiness: NodeReadiness.Ready, Cordoned: false, CordonedBy: null }));
        Assert.Equal([KubeRegion.Lost, "us-east-1b"], now.Nodes.Select(node => node.Zone).Distinct());
        Assert.Equal((4, 4, true, true), (now.Workloads[0].Desired, now.Workloads[0].Ready, now.Workloads[0].Settled, now.Workloads[0].Spread));
        Assert.Equal(new Room(1, 500, 1 << 30), now.Workloads[0].Asks);
        Assert.Equal(2, now.Pods.Where(pod => pod.Workload == "fullnode").Select(pod => pod.Zone).Distinct().Count());
        Assert.All(now.Nodes, node => Assert.InRange(node.Free.Cpu, 1, 16_000));
        Assert.True(now.Nodes.Sum(node => node.Free.Cpu) <= 6 * 16_000 - 5 * 500);
        Assert.Empty(now.Unknowns);
    }

    [Fact]
    public async Task Cordon_IsMarkedTwiceTheSame_AndOnlyItsOwnRunLiftsIt()
    {
        ClusterTarget target = await MakeAsync();
        var activities = new ClusterActivities(region.Clusters);
        CordonAct act = new(region.Key("run-a"), target, KubeRegion.Lost);

        await activities.CordonAsync(act);
        ClusterObservation twice = await activities.CordonAsync(act);
        Assert.All(twice.Nodes.Where(node => node.Zone == KubeRegion.Lost), node => Assert.Equal((true, "run-a"), (node.Cordoned, node.CordonedBy)));
        Assert.All(twice.Nodes.Where(node => node.Zone != KubeRegion.Lost), node => Assert.False(node.Cordoned));

        ClusterObservation kept = await activities.UncordonAsync(new(region.Key("run-b", "undo"), target, KubeRegion.Lost, "run-b"));
        Assert.Equal(3, kept.Nodes.Count(node => node.Cordoned));
        ClusterObservation lifted = await activities.UncordonAsync(new(region.Key("run-a", "undo"), target, KubeRegion.Lost, "run-a"));
        Assert.DoesNotContain(lifted.Nodes, node => node.Cordoned || node.CordonedBy is not null);
    }

    [Fact]
    public async Task Cordon_LateAttemptAfterItsUndo_IsFenced()
    {
        ClusterTarget target = await MakeAsync();
        ICluster cluster = region.Of(target);
        string node = KubeRegion.Lost + "-1";
        var late = region.Key("run-late");
        await cluster.CordonAsync(node, region.Key("run-late"), Token);
        await cluster.UncordonAsync(node, "run-late", region.Key("run-late", "undo"), Token);

        var failure = await Make.FailureAsync(cluster.CordonAsync(node, late, Token));

        Assert.Equal(ErrorTypes.Fenced, failure.ErrorType);
        Assert.False((await cluster.LookAsync(Token)).Nodes.Single(one => one.Name == node).Cordoned);
    }

    [Fact]
    public async Task Scale_RemembersTheFormerNumber_AndNeverOverwritesANewerDecision()
    {
        ClusterTarget target = await MakeAsync();
        ICluster cluster = region.Of(target);

        await cluster.ScaleAsync(target.Workloads[0], new(region.Key(), target, "fullnode", 4, 6, 4), Token);
        await RolloutAsync(target, null);
        ClusterWorkload scaled = (await cluster.LookAsync(Token)).Workloads[0];
        Assert.Equal((6, 6, "run-1", 4), (scaled.Desired, scaled.Ready, scaled.ScaledBy, scaled.Former));

        var newer = await Make.FailureAsync(cluster.ScaleAsync(target.Workloads[0], new(region.Key(), target, "fullnode", 4, 2, 4), Token));
        Assert.Equal(ErrorTypes.Conflict, newer.ErrorType);
        Assert.Contains("wants 6 pods, not 4", newer.Message, StringComparison.Ordinal);

        ClusterWorkload home = await cluster.ScaleAsync(target.Workloads[0], new(region.Key(direction: "undo"), target, "fullnode", 6, 4, null), Token);
        Assert.Equal((4, null, null), (home.Desired, home.ScaledBy, home.Former));
    }

    [Fact]
    public async Task Validator_IsNeverScaledAndNeverEvicted()
    {
        ClusterTarget target = await MakeAsync();
        ICluster cluster = region.Of(target);
        ClusterPod pod = (await cluster.LookAsync(Token)).Pods.Single(one => one.Workload == "validator");

        Assert.Equal(ErrorTypes.Forbidden, (await Make.FailureAsync(cluster.ScaleAsync(target.Workloads[1], new(region.Key(), target, "validator", 1, 2, 1), Token))).ErrorType);
        Assert.Equal(ErrorTypes.Forbidden, (await Make.FailureAsync(cluster.EvictAsync(pod, target.Workloads[1], Token))).ErrorType);
        Assert.Equal(pod.Uid, (await cluster.LookAsync(Token)).Pods.Single(one => one.Workload == "validator").Uid);
    }

    [Fact]
    public async Task Evict_HonoursABudget_AndNamesWhatItHolds()
    {
        ClusterTarget target = await MakeAsync(full: 4, keep: 4);
        var activities = new ClusterActivities(region.Clusters);
        await activities.CordonAsync(new(region.Key("run-budget"), target, KubeRegion.Lost));

        var held = await Make.FailureAsync(activities.EvictAsync(new(region.Key("run-budget"), target, KubeRegion.Lost, TimeSpan.FromSeconds(3))));

        Assert.Equal(ErrorTypes.Deadline, held.ErrorType);
        Assert.Contains("Held by a disruption budget: fullnode-", held.Message, StringComparison.Ordinal);
        Assert.Equal(4, (await region.Of(target).LookAsync(Token)).Pods.Count(pod => pod is { Workload: "fullnode", Leaving: false }));
    }

    [Fact]
    public async Task Evict_WhereTheCordonWasLifted_TouchesNothing()
    {
        ClusterTarget target = await MakeAsync();

        var refused = await Make.FailureAsync(new ClusterActivities(region.Clusters).EvictAsync(new(region.Key("run-late"), target, KubeRegion.Lost, TimeSpan.FromSeconds(30))));

        Assert.Equal(ErrorTypes.Conflict, refused.ErrorType);
        Assert.Contains("takes pods again", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain((await region.Of(target).LookAsync(Token)).Pods, pod => pod.Leaving);
    }

    [Fact]
    public async Task Scale_LateAttemptOfAFormerRound_IsFenced()
    {
        ClusterTarget target = await MakeAsync();
        ICluster cluster = region.Of(target);
        var late = region.Key("run-round");
        await cluster.ScaleAsync(target.Workloads[0], new(region.Key("run-round") with { FirstRunId = "run-round-id/2", RunId = "run-round-id/2" }, target, "fullnode", 4, 5, 4), Token);

        var failure = await Make.FailureAsync(cluster.ScaleAsync(target.Workloads[0], new(late, target, "fullnode", 5, 4, null), Token));

        Assert.Equal(ErrorTypes.Fenced, failure.ErrorType);
        Assert.Equal(5, (await cluster.LookAsync(Token)).Workloads[0].Desired);
    }

    [Fact]
    public async Task Zone_GoesDark_PodsAreSentAwayAsFarAsThatGoes_AndTheRestIsMadeWhole()
    {
        ClusterTarget target = await MakeAsync();
        var activities = new ClusterActivities(region.Clusters);
        await region.ZoneAsync("zone-down");
        try
        {
            await Eventually.TrueAsync("the zone is dark", TimeSpan.FromSeconds(60), async () => (await activities.LookAsync(target)).Nodes.Where(node => node.Zone == KubeRegion.Lost).All(node => node.Readiness == NodeReadiness.Unknown), Token);
            string[] there = [.. (await activities.LookAsync(target)).Pods.Where(pod => pod is { Workload: "fullnode", Zone: KubeRegion.Lost }).Select(pod => pod.Name)];
            await activities.CordonAsync(new(region.Key("run-dark"), target, KubeRegion.Lost));

            EvictReport report = await activities.EvictAsync(new(region.Key("run-dark"), target, KubeRegion.Lost, TimeSpan.FromSeconds(60)));
            RolloutReport whole = await RolloutAsync(target, KubeRegion.Lost);

            Assert.Equal(there.Order(), report.Leaving.Order());
            Assert.Empty(report.Gone);
            Assert.True(whole.Ready);
            Assert.DoesNotContain((await activities.LookAsync(target)).Pods, pod => pod is { Workload: "fullnode", Zone: KubeRegion.Lost, Leaving: false });
        }
        finally
        {
            await region.ZoneAsync("zone-up");
        }
    }

    [Fact]
    public async Task ApiServer_Gone_IsTransientAndSaysWhich()
    {
        ClusterTarget target = await MakeAsync();
        await region.ApiAsync("api-down");
        try
        {
            var failure = await Make.FailureAsync(region.Of(target).LookAsync(Token));

            Assert.Equal((ErrorTypes.Unavailable, false), (failure.ErrorType, failure.NonRetryable));
            Assert.Contains("the API server of us-east-1 does not answer", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            await region.ApiAsync("api-up");
        }
    }

    [Fact]
    public async Task Look_WorkloadThatIsNotThere_SaysSo()
    {
        ClusterTarget target = await MakeAsync();
        ClusterTarget other = target with { Workloads = [.. target.Workloads, new() { Name = "gateway", Role = Contracts.Estates.NodeKind.Gateway }] };

        ClusterObservation now = await region.Of(other).LookAsync(Token);

        Assert.False(now.Workloads[2].Found);
        Assert.Contains("gateway is not in namespace", Assert.Single(now.Unknowns), StringComparison.Ordinal);
        Assert.Equal(ErrorTypes.NotFound, (await Make.FailureAsync(region.Of(other).ScaleAsync(other.Workloads[2], new(region.Key(), other, "gateway", 1, 2, 1), Token))).ErrorType);
    }

    [Fact]
    public async Task Kubeconfig_ThatIsNotThere_SaysWhatToSet()
    {
        await Task.CompletedTask;
        var failure = Assert.Throws<Temporalio.Exceptions.ApplicationFailureException>(() => region.Of(new("eu-west-1", new() { Kubeconfig = "/nowhere/kubeconfig" }, [])));

        Assert.Equal(ErrorTypes.NotConfigured, failure.ErrorType);
        Assert.Contains("kubeconfig '/nowhere/kubeconfig'", failure.Message, StringComparison.Ordinal);
    }

    private Task<ClusterTarget> MakeAsync(int full = 4, int? keep = null) => region.MakeAsync(full, keep);

    private async Task<RolloutReport> RolloutAsync(ClusterTarget target, string? without) =>
        await new ClusterActivities(region.Clusters).AwaitRolloutAsync(new(target, without, TimeSpan.FromSeconds(90)));
}
