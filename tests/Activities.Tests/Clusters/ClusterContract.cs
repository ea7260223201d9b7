using VirtEngine.DR.Activities.Clusters;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Clusters;

/// <summary>What every cluster keeps, simulated or real.</summary>
public abstract class ClusterContract
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A cluster with so many full nodes, all ready, and a budget that keeps so many of them.</summary>
    protected abstract Task<IClusterStage> MakeAsync(int full = 4, int? keep = null);

    [Fact]
    public async Task Glance_IsALookWithoutRoomAndBudgets()
    {
        IClusterStage stage = await MakeAsync();

        ClusterObservation full = await stage.Cluster.LookAsync(Token);
        ClusterObservation glance = await stage.Cluster.GlanceAsync(Token);

        Assert.Equal(full.Nodes.Select(node => node with { Free = null }), glance.Nodes);
        Assert.All(full.Nodes, node => Assert.NotNull(node.Free));
        Assert.Equal(full.Workloads, glance.Workloads);
        Assert.Equal(full.Pods, glance.Pods);
        Assert.Equal(5, glance.Pods.Count);
        Assert.Empty(glance.Budgets);
    }

    [Fact]
    public async Task Follow_TellsAtOnceAndAtEveryChange_AndBeatsWhereNothingChanges()
    {
        IClusterStage stage = await MakeAsync();
        await using IAsyncEnumerator<ClusterObservation> changes = stage.Cluster.FollowAsync(TimeSpan.FromMinutes(10), Token).GetAsyncEnumerator(Token);
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal(4, changes.Current.Workloads[0].Desired);

        // No beat falls into this: what comes is a change.
        await stage.PersonScalesAsync(6);
        using var limit = new CancellationTokenSource(Patience);
        while (changes.Current.Pods.Count(pod => pod is { Workload: "fullnode", Ready: true }) != 6)
        {
            Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(limit.Token));
        }

        Assert.Equal(6, changes.Current.Workloads[0].Desired);
        List<ClusterObservation> still = await stage.Cluster.FollowAsync(TimeSpan.FromMilliseconds(100), Token).Take(3).ToListAsync(Token);
        Assert.True(still[2].At > still[0].At);
    }

    [Fact]
    public async Task Cordon_OfOneRun_IsLiftedByThatRunOnly_AndAPersonsStays()
    {
        IClusterStage stage = await MakeAsync();
        string[] nodes = [.. (await stage.Cluster.GlanceAsync(Token)).Nodes.Where(node => node.Zone == stage.Zone).Select(node => node.Name)];
        await stage.PersonCordonsAsync(nodes[2], true);

        Assert.True(await stage.Cluster.CordonAsync(nodes[0], stage.Key("run-a"), Token));
        Assert.False(await stage.Cluster.CordonAsync(nodes[0], stage.Key("run-a"), Token));
        Assert.False(await stage.Cluster.CordonAsync(nodes[2], stage.Key("run-a"), Token));
        Assert.Equal([(true, "run-a"), (false, null), (true, null)], await CordonsAsync(stage, nodes));

        Assert.False(await stage.Cluster.UncordonAsync(nodes[0], "run-b", stage.Key("run-b", "undo"), Token));
        Assert.False(await stage.Cluster.UncordonAsync(nodes[2], "run-a", stage.Key("run-a", "undo"), Token));
        Assert.True(await stage.Cluster.UncordonAsync(nodes[0], "run-a", stage.Key("run-a", "undo"), Token));
        Assert.Equal([(false, null), (false, null), (true, null)], await CordonsAsync(stage, nodes));
        await stage.PersonCordonsAsync(nodes[2], false);
    }

    [Fact]
    public async Task Cordon_LateAttemptAfterItsUndo_IsFenced()
    {
        IClusterStage stage = await MakeAsync();
        string node = (await stage.Cluster.GlanceAsync(Token)).Nodes[0].Name;
        var late = stage.Key("run-late");
        await stage.Cluster.CordonAsync(node, stage.Key("run-late"), Token);
        await stage.Cluster.UncordonAsync(node, "run-late", stage.Key("run-late", "undo"), Token);

        var failure = await Make.FailureAsync(stage.Cluster.CordonAsync(node, late, Token));

        Assert.Equal(ErrorTypes.Fenced, failure.ErrorType);
        Assert.False((await stage.Cluster.GlanceAsync(Token)).Nodes[0].Cordoned);
    }

    [Fact]
    public async Task Scale_RemembersTheFormerNumber_AndNeverOverwritesANewerDecision()
    {
        IClusterStage stage = await MakeAsync();
        await ScaleAsync(stage, 4, 6, 4);
        ClusterWorkload scaled = await WholeAsync(stage, 6);
        Assert.Equal((6, 6, "run-1", 4), (scaled.Desired, scaled.Ready, scaled.ScaledBy, scaled.Former));
        Assert.Equal(6, (await ScaleAsync(stage, 4, 6, 4)).Desired);

        var newer = await Make.FailureAsync(ScaleAsync(stage, 4, 2, 4));
        Assert.Equal(ErrorTypes.Conflict, newer.ErrorType);
        Assert.Contains("6", newer.Message, StringComparison.Ordinal);

        ClusterWorkload home = await stage.Cluster.ScaleAsync(stage.Target.Workloads[0], new(stage.Key(direction: "undo"), stage.Target, "fullnode", 6, 4, null), Token);
        Assert.Equal((4, null, null), (home.Desired, home.ScaledBy, home.Former));
    }

    [Fact]
    public async Task Scale_LateAttemptOfAFormerRound_IsFenced()
    {
        IClusterStage stage = await MakeAsync();
        var late = stage.Key("run-round");
        await stage.Cluster.ScaleAsync(stage.Target.Workloads[0], new(stage.Key("run-round") with { FirstRunId = "run-round-id/2", RunId = "run-round-id/2" }, stage.Target, "fullnode", 4, 5, 4), Token);

        var failure = await Make.FailureAsync(stage.Cluster.ScaleAsync(stage.Target.Workloads[0], new(late, stage.Target, "fullnode", 5, 4, null), Token));

        Assert.Equal(ErrorTypes.Fenced, failure.ErrorType);
        Assert.Equal(5, (await stage.Cluster.GlanceAsync(Token)).Workloads[0].Desired);
    }

    [Fact]
    public async Task Validator_IsNeverScaledEvictedOrRestarted()
    {
        IClusterStage stage = await MakeAsync();
        var spec = stage.Target.Workloads[1];
        ClusterPod pod = (await stage.Cluster.GlanceAsync(Token)).Pods.Single(one => one.Workload == "validator");

        Assert.Equal(ErrorTypes.Forbidden, (await Make.FailureAsync(stage.Cluster.ScaleAsync(spec, new(stage.Key(), stage.Target, "validator", 1, 2, 1), Token))).ErrorType);
        Assert.Equal(ErrorTypes.Forbidden, (await Make.FailureAsync(stage.Cluster.EvictAsync(pod, spec, Token))).ErrorType);
        Assert.Equal(ErrorTypes.Forbidden, (await Make.FailureAsync(stage.Cluster.RestartAsync(spec, new(stage.Key(), DateTimeOffset.UtcNow), Token))).ErrorType);
        Assert.Equal(pod.Uid, (await stage.Cluster.GlanceAsync(Token)).Pods.Single(one => one.Workload == "validator").Uid);
    }

    [Fact]
    public async Task Evict_PodGoesAndIsReplaced_AndOneThatIsGoneIsNoFailure()
    {
        IClusterStage stage = await MakeAsync();
        ClusterPod pod = (await stage.Cluster.GlanceAsync(Token)).Pods.First(one => one.Workload == "fullnode");

        Assert.True((await stage.Cluster.EvictAsync(pod, stage.Target.Workloads[0], Token)).Accepted);
        await WholeAsync(stage, 4, now => now.Pods.All(one => one.Uid != pod.Uid));
        Assert.True((await stage.Cluster.EvictAsync(pod, stage.Target.Workloads[0], Token)).Accepted);
    }

    [Fact]
    public async Task Evict_BudgetThatAllowsNone_SaysSoAndNothingGoes()
    {
        IClusterStage stage = await MakeAsync(full: 4, keep: 4);
        ClusterPod pod = (await stage.Cluster.GlanceAsync(Token)).Pods.First(one => one.Workload == "fullnode");

        EvictionAnswer answer = await stage.Cluster.EvictAsync(pod, stage.Target.Workloads[0], Token);

        Assert.False(answer.Accepted);
        Assert.Contains("disruption budget", answer.Why, StringComparison.Ordinal);
        Assert.Equal(4, (await stage.Cluster.GlanceAsync(Token)).Pods.Count(one => one is { Workload: "fullnode", Leaving: false }));
    }

    [Fact]
    public async Task Restart_MakesPodsAnewOnce_HoweverOftenTheSameMomentIsAskedFor()
    {
        IClusterStage stage = await MakeAsync();
        var spec = stage.Target.Workloads[0];
        string[] before = [.. (await stage.Cluster.GlanceAsync(Token)).Pods.Where(one => one.Workload == "fullnode").Select(one => one.Uid)];
        DateTimeOffset at = DateTimeOffset.UtcNow;

        Assert.True(await stage.Cluster.RestartAsync(spec, new(stage.Key(), at), Token));
        await WholeAsync(stage, 4, now => now.Pods.Where(one => one.Workload == "fullnode").All(one => !before.Contains(one.Uid)));
        string[] anew = [.. (await stage.Cluster.GlanceAsync(Token)).Pods.Select(one => one.Uid)];
        Assert.False(await stage.Cluster.RestartAsync(spec, new(stage.Key(), at), Token));
        Assert.False(await stage.Cluster.RestartAsync(spec, new(stage.Key("run-2"), at.AddMinutes(-1)), Token));

        Assert.Equal(anew, (await stage.Cluster.GlanceAsync(Token)).Pods.Select(one => one.Uid));
    }

    protected static async Task<ClusterWorkload> WholeAsync(IClusterStage stage, int pods, Func<ClusterObservation, bool>? also = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        return (await stage.Cluster.FollowAsync(TimeSpan.FromSeconds(1), limit.Token)
            .FirstAsync(now => now.Workloads[0] is { Settled: true } one && one.Ready == pods && now.Pods.Count(pod => pod.Workload == "fullnode") == pods && also?.Invoke(now) != false, limit.Token)).Workloads[0];
    }

    private static Task<ClusterWorkload> ScaleAsync(IClusterStage stage, int from, int to, int? former) =>
        stage.Cluster.ScaleAsync(stage.Target.Workloads[0], new(stage.Key(), stage.Target, "fullnode", from, to, former), Token);

    private static async Task<(bool Cordoned, string? By)[]> CordonsAsync(IClusterStage stage, string[] nodes)
    {
        ClusterObservation now = await stage.Cluster.GlanceAsync(Token);
        return [.. nodes.Select(name => now.Nodes.Single(node => node.Name == name)).Select(node => (node.Cordoned, node.CordonedBy))];
    }
}
