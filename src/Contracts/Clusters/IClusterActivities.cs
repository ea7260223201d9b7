using Temporalio.Activities;

namespace VirtEngine.DR.Contracts.Clusters;

/// <summary>Looks at and changes a region's cluster; control queue.</summary>
public interface IClusterActivities
{
    /// <summary>Looks at machines, workloads, pods and budgets.</summary>
    [Activity("cluster.look")]
    Task<ClusterObservation> LookAsync(ClusterTarget target);

    /// <summary>Cordons every machine of a zone; those that somebody else cordoned stay theirs.</summary>
    [Activity("cluster.cordon")]
    Task<ClusterObservation> CordonAsync(CordonAct act);

    /// <summary>Lifts the cordons of one run, and of nobody else.</summary>
    [Activity("cluster.uncordon")]
    Task<ClusterObservation> UncordonAsync(CordonAct act);

    /// <summary>Scales one workload; the former number is remembered on it. Never one that holds a validator.</summary>
    [Activity("cluster.scale")]
    Task<ClusterWorkload> ScaleAsync(ScaleAct act);

    /// <summary>Evicts the workloads' pods from a zone, waiting for budgets; fails with <see cref="ErrorTypes.Deadline"/> and those that a budget holds.</summary>
    [Activity("cluster.evict")]
    Task<EvictReport> EvictAsync(EvictAct act);

    /// <summary>Waits inside one heartbeating call until the workloads are as wanted; fails with <see cref="ErrorTypes.Deadline"/> and the last report.</summary>
    [Activity("cluster.await-rollout")]
    Task<RolloutReport> AwaitRolloutAsync(RolloutQuery query);

    /// <summary>Watches that the workloads stay as wanted; returns when the time is over or one is not for a while.</summary>
    [Activity("cluster.watch")]
    Task<RolloutReport> WatchAsync(RolloutQuery query);
}
