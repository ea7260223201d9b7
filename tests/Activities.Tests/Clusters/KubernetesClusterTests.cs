using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using VirtEngine.DR.Activities.Clusters;
using VirtEngine.DR.Activities.Clusters.Kubernetes;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Clusters;

/// <summary>The contract on a real API server with its own scheduler and controllers, and what only such a one can show.</summary>
[Collection(KubeRegion.Collection)]
public sealed class KubernetesClusterTests(KubeRegion region) : ClusterObjectContract, IAsyncLifetime
{
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
        ClusterTarget target = await TargetAsync();

        ClusterObservation now = await region.Of(target).LookAsync(Token);

        Assert.Equal(6, now.Nodes.Count);
        Assert.All(now.Nodes, node => Assert.True(node is { Readiness: NodeReadiness.Ready, Cordoned: false, CordonedBy: null }));
        Assert.Equal([KubeRegion.Lost, "us-east-1b"], now.Nodes.Select(node => node.Zone).Distinct());
        Assert.Equal((4, 4, true, true), (now.Workloads[0].Desired, now.Workloads[0].Ready, now.Workloads[0].Settled, now.Workloads[0].Spread));
        Assert.Equal(new Room(1, 500, 1 << 30), now.Workloads[0].Asks);
        Assert.Equal(2, now.Pods.Where(pod => pod.Workload == "fullnode").Select(pod => pod.Zone).Distinct().Count());
        Assert.All(now.Nodes, node => Assert.InRange(node.Free!.Cpu, 1, 16_000));
        Assert.True(now.Nodes.Sum(node => node.Free!.Cpu) <= 6 * 16_000 - 5 * 500);
        Assert.Empty(now.Unknowns);
    }

    [Fact]
    public async Task Evict_HonoursABudget_AndNamesWhatItHolds()
    {
        ClusterTarget target = await TargetAsync(full: 4, keep: 4);
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
        ClusterTarget target = await TargetAsync();

        var refused = await Make.FailureAsync(new ClusterActivities(region.Clusters).EvictAsync(new(region.Key("run-late"), target, KubeRegion.Lost, TimeSpan.FromSeconds(30))));

        Assert.Equal(ErrorTypes.Conflict, refused.ErrorType);
        Assert.Contains("takes pods again", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain((await region.Of(target).LookAsync(Token)).Pods, pod => pod.Leaving);
    }

    [Fact]
    public async Task Zone_GoesDark_PodsAreSentAwayAsFarAsThatGoes_AndTheRestIsMadeWhole()
    {
        ClusterTarget target = await TargetAsync();
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
        ClusterTarget target = await TargetAsync();
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
        ClusterTarget target = await TargetAsync();
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

    [Fact]
    public async Task Rollout_IsFollowedThroughALossOfTheApiServer_AndAWorkloadThatComesLate()
    {
        ClusterTarget target = await TargetAsync();

        // A kubelet says again that its pods are ready when it was cut off; kwok's does not, so only pods that come afterwards are waited for.
        var late = target with { Workloads = [new() { Name = "gateway", Role = Contracts.Estates.NodeKind.Gateway }] };
        Task<RolloutReport> rollout = RolloutAsync(late, null);
        await region.ApiAsync("api-down");
        await region.ApiAsync("api-up");
        Assert.False(rollout.IsCompleted);

        await region.DeployAsync(target.Cluster.Namespace, "gateway", 3);

        RolloutReport whole = await rollout;
        Assert.True(whole.Ready);
        Assert.Contains("gateway 3 of 3", whole.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_VersionThatTheServerForgot_IsListedAnew()
    {
        ClusterTarget target = await TargetAsync();

        // A server that has just come back knows nothing of before; one that was there from the first version on remembers them all.
        await region.ApiAsync("api-down");
        await region.ApiAsync("api-up");
        var list = new WatchedList<V1Pod>("us-east-1", "watches pods", "1", [], (version, seconds, wrong, stop) => region.Client.CoreV1.WatchListNamespacedPodAsync(
            target.Cluster.Namespace, resourceVersion: version, timeoutSeconds: seconds, onError: wrong, cancellationToken: stop));

        var failure = await Make.FailureAsync(list.RunAsync(() => { }, Token));

        Assert.Equal((ErrorTypes.Unavailable, false), (failure.ErrorType, failure.NonRetryable));
        Assert.Contains("no longer remembers version 1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_OutlivesThePatienceOfACall_AndGoesOnWhereTheServerEndsIt()
    {
        ClusterTarget target = await TargetAsync();
        string space = target.Cluster.Namespace;
        V1PodList pods = await region.Client.CoreV1.ListNamespacedPodAsync(space, cancellationToken: Token);
        var begun = new ConcurrentQueue<DateTimeOffset>();
        var client = region.Clusters.Client(target);
        var list = new WatchedList<V1Pod>("us-east-1", "watches pods", pods.ResourceVersion(), pods.Items, (version, seconds, wrong, stop) =>
        {
            begun.Enqueue(DateTimeOffset.UtcNow);
            return client.CoreV1.WatchListNamespacedPodAsync(space, allowWatchBookmarks: true, resourceVersion: version, timeoutSeconds: seconds, onError: wrong, cancellationToken: stop);
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task watch = list.RunAsync(() => { }, stop.Token);

        await Eventually.TrueAsync("the server ended a watch", TimeSpan.FromSeconds(60), () => Task.FromResult(begun.Count > 1 || watch.IsCompleted), Token);
        await new KubeStage(region, target).PersonScalesAsync(6);
        await Eventually.TrueAsync("the next one sees new pods", Patience, () => Task.FromResult(list.Items.Count == 7 || watch.IsCompleted), Token);

        Assert.False(watch.IsCompleted, watch.Exception?.Message);
        Assert.True(begun.ElementAt(1) - begun.ElementAt(0) > TimeSpan.FromSeconds(15), "a watch ended early");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
    }

    protected override async Task<IClusterStage> MakeAsync(int full = 4, int? keep = null) => new KubeStage(region, await TargetAsync(full, keep));

    private Task<ClusterTarget> TargetAsync(int full = 4, int? keep = null) => region.MakeAsync(full, keep);

    private async Task<RolloutReport> RolloutAsync(ClusterTarget target, string? without) =>
        await new ClusterActivities(region.Clusters).AwaitRolloutAsync(new(target, without, TimeSpan.FromSeconds(90)));
}
