using Temporalio.Activities;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts.Clusters;

namespace VirtEngine.DR.Activities.Clusters;

/// <summary>Looks at and changes a region's cluster.</summary>
public sealed class ClusterActivities(IClusters clusters) : IClusterActivities
{
    /// <inheritdoc/>
    [Activity("cluster.look")]
    public Task<ClusterObservation> LookAsync(ClusterTarget target) => ActivityScope.HeartbeatingAsync(token => clusters.Of(target).LookAsync(token));

    /// <inheritdoc/>
    [Activity("cluster.cordon")]
    public Task<ClusterObservation> CordonAsync(CordonAct act) => InZoneAsync(act, (cluster, node, token) => cluster.CordonAsync(node, act.Key, token));

    /// <inheritdoc/>
    [Activity("cluster.uncordon")]
    public Task<ClusterObservation> UncordonAsync(CordonAct act) => act.By is { Length: > 0 } by
        ? InZoneAsync(act, (cluster, node, token) => cluster.UncordonAsync(node, by, act.Key, token))
        : throw Failures.Invalid(["by is missing; give the run whose cordons are lifted"]);

    /// <inheritdoc/>
    [Activity("cluster.scale")]
    public Task<ClusterWorkload> ScaleAsync(ScaleAct act)
    {
        var workload = act.Target.Workloads.FirstOrDefault(one => one.Name == act.Workload)
            ?? throw Failures.Invalid([$"workload '{act.Workload}' is not in the estate; it has: {string.Join(", ", act.Target.Workloads.Select(one => one.Name).DefaultIfEmpty("none"))}"]);
        return ActivityScope.HeartbeatingAsync(token => clusters.Of(act.Target).ScaleAsync(workload, act, token));
    }

    /// <inheritdoc/>
    [Activity("cluster.evict")]
    public Task<EvictReport> EvictAsync(EvictAct act) => ActivityScope.HeartbeatingAsync(token => new Evictor(clusters.Of(act.Target), act).RunAsync(token));

    /// <inheritdoc/>
    [Activity("cluster.await-rollout")]
    public Task<RolloutReport> AwaitRolloutAsync(RolloutQuery query) => new RolloutLoop(clusters.Of(query.Target), query).AwaitAsync();

    /// <inheritdoc/>
    [Activity("cluster.watch")]
    public Task<RolloutReport> WatchAsync(RolloutQuery query) => new RolloutLoop(clusters.Of(query.Target), query).WatchAsync();

    private Task<ClusterObservation> InZoneAsync(CordonAct act, Func<ICluster, string, CancellationToken, Task<bool>> change) => ActivityScope.HeartbeatingAsync(async token =>
    {
        var cluster = clusters.Of(act.Target);
        var before = await cluster.GlanceAsync(token).ConfigureAwait(false);
        foreach (var node in before.Nodes.Where(node => node.Zone == act.Zone))
        {
            await change(cluster, node.Name, token).ConfigureAwait(false);
        }

        return await cluster.GlanceAsync(token).ConfigureAwait(false);
    });
}
