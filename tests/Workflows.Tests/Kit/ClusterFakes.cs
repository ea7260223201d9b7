using System.Diagnostics;
using Temporalio.Activities;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>The cluster's activities on the world.</summary>
public sealed class ClusterFakes(World world) : IClusterActivities
{
    private ClusterWorld Cluster => world.Cluster ?? throw new ApplicationFailureException("no cluster", ErrorTypes.NotConfigured, nonRetryable: true);

    /// <summary>Whether the workloads are as wanted.</summary>
    public static RolloutReport Judge(World world, string? without)
    {
        ArgumentNullException.ThrowIfNull(world);
        var now = world.Cluster!.Observe(world.Time.GetUtcNow());
        var lacking = now.Workloads.Where(one => one.Desired > now.Pods.Count(pod => pod.Workload == one.Name && pod.Ready && pod.Zone != without)).Select(one => one.Name)

            // A validator's pod stays where it is.
            .Where(name => without is null || name != "validator").ToArray();
        return new(now.At, lacking.Length == 0, lacking.Length == 0 ? "all are ready" : $"not ready: {string.Join(", ", lacking)}");
    }

    [Activity("cluster.look")]
    public Task<ClusterObservation> LookAsync(ClusterTarget target) => world.Faults.RunAsync("cluster.look", () => Cluster.Observe(world.Time.GetUtcNow()));

    [Activity("cluster.cordon")]
    public Task<ClusterObservation> CordonAsync(CordonAct act) => world.Faults.RunAsync("cluster.cordon", () =>
    {
        world.Admit("cluster.cordon", act.Key, "cordon");
        Cluster.Cordon(act.Zone, act.Key.WorkflowId, null);
        return Cluster.Observe(world.Time.GetUtcNow());
    });

    [Activity("cluster.uncordon")]
    public Task<ClusterObservation> UncordonAsync(CordonAct act) => world.Faults.RunAsync("cluster.uncordon", () =>
    {
        world.Admit("cluster.uncordon", act.Key, "cordon");
        Cluster.Cordon(act.Zone, null, act.By);
        return Cluster.Observe(world.Time.GetUtcNow());
    });

    [Activity("cluster.scale")]
    public Task<ClusterWorkload> ScaleAsync(ScaleAct act) => world.Faults.RunAsync("cluster.scale", () =>
    {
        world.Admit("cluster.scale", act.Key, act.Workload);
        Cluster.Scale(act);
        return Cluster.Observe(world.Time.GetUtcNow()).Workloads.Single(one => one.Name == act.Workload);
    });

    [Activity("cluster.evict")]
    public Task<EvictReport> EvictAsync(EvictAct act) => world.Faults.RunAsync("cluster.evict", () =>
    {
        world.Admit("cluster.evict", act.Key, "pods");
        return Cluster.Evict(act.Zone);
    });

    [Activity("cluster.await-rollout")]
    public Task<RolloutReport> AwaitRolloutAsync(RolloutQuery query) => world.Faults.RunAsync("cluster.await-rollout", () =>
        Judge(world, query.Without) is { Ready: true } report ? report : throw new ApplicationFailureException($"not as wanted in time: {Judge(world, query.Without).Text}", ErrorTypes.Deadline, nonRetryable: true));

    [Activity("cluster.watch")]
    public async Task<RolloutReport> WatchAsync(RolloutQuery query)
    {
        var clock = Stopwatch.StartNew();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var report = Judge(world, query.Without);
            if (report.Ready != true || clock.Elapsed >= query.Within)
            {
                return report;
            }

            ActivityExecutionContext.Current.Heartbeat();
            await ticks.WaitForNextTickAsync(ActivityExecutionContext.Current.CancellationToken);
        }
    }
}
