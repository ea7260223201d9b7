using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Activities.Clusters;

/// <summary>Opens the cluster of a region.</summary>
public interface IClusters
{
    /// <summary>The cluster of a target; the same target gives the same one.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">NotConfigured: its kubeconfig cannot be read.</exception>
    ICluster Of(ClusterTarget target);
}

/// <summary>
/// A region's cluster. Every write compares first, carries the version that it saw as its precondition, and leaves the run's attempt on the object: a late
/// attempt of a step that was since tried again or undone finds itself fenced.
/// </summary>
public interface ICluster
{
    /// <summary>Machines, workloads, pods and budgets.</summary>
    Task<ClusterObservation> LookAsync(CancellationToken cancellationToken);

    /// <summary>Cordons a machine. One that is cordoned already is left as it is.</summary>
    /// <returns>Whether it was changed.</returns>
    Task<bool> CordonAsync(string node, StepKey key, CancellationToken cancellationToken);

    /// <summary>Lifts a cordon of one run. One of anybody else is left as it is.</summary>
    /// <returns>Whether it was changed.</returns>
    Task<bool> UncordonAsync(string node, string by, StepKey key, CancellationToken cancellationToken);

    /// <summary>Wants another number of pods, where the present number is the expected one; a number that is reached already is left.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">Conflict: somebody else decided meanwhile. Forbidden: it holds a validator.</exception>
    Task<ClusterWorkload> ScaleAsync(WorkloadSpec workload, ScaleAct act, CancellationToken cancellationToken);

    /// <summary>Asks the cluster to let a pod go.</summary>
    Task<EvictionAnswer> EvictAsync(ClusterPod pod, WorkloadSpec workload, CancellationToken cancellationToken);
}

/// <summary>What came of asking for an eviction.</summary>
/// <param name="Accepted">It goes, or is gone already.</param>
/// <param name="Why">Why not, for people.</param>
public sealed record EvictionAnswer(bool Accepted, string? Why = null);
