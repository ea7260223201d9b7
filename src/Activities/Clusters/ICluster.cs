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
    /// <summary>Machines, workloads, pods and budgets, and the room that is left. It reads every pod of the cluster.</summary>
    Task<ClusterObservation> LookAsync(CancellationToken cancellationToken);

    /// <summary>Machines, workloads and pods. Neither room nor budgets, so only the workloads' own pods are read.</summary>
    Task<ClusterObservation> GlanceAsync(CancellationToken cancellationToken);

    /// <summary>The same as a glance, first at once, then whenever something changed, and at the latest with every beat. It never ends by itself.</summary>
    /// <param name="beat">The longest time between two, while nothing changes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">Unavailable: the cluster is heard no more; begin anew.</exception>
    IAsyncEnumerable<ClusterObservation> FollowAsync(TimeSpan beat, CancellationToken cancellationToken);

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

    /// <summary>Makes a workload's pods anew, a few at a time as it says itself. The same moment asked for twice, or one before the last restart, changes nothing.</summary>
    /// <returns>Whether it was changed.</returns>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">NotFound. Forbidden: it holds a validator.</exception>
    Task<bool> RestartAsync(WorkloadSpec workload, RestartAct act, CancellationToken cancellationToken);

    /// <summary>What a ConfigMap says; null where it is not there.</summary>
    Task<IReadOnlyDictionary<string, string>?> ReadConfigAsync(ConfigPlace place, CancellationToken cancellationToken);

    /// <summary>Says a ConfigMap's keys. Keys of others stay; keys that it said before and does not say now are taken away. Equal ones are left as they are.</summary>
    /// <returns>Whether it was changed.</returns>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">NotFound: it is never made. Conflict: a key is somebody else's, who is named.</exception>
    Task<bool> ApplyConfigAsync(ConfigAct act, CancellationToken cancellationToken);

    /// <summary>Where clients reach a Service from outside the cluster.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">NotFound.</exception>
    Task<ServiceAddresses> AddressesAsync(ServicePlace place, CancellationToken cancellationToken);
}

/// <summary>What came of asking for an eviction.</summary>
/// <param name="Accepted">It goes, or is gone already.</param>
/// <param name="Why">Why not, for people.</param>
public sealed record EvictionAnswer(bool Accepted, string? Why = null);
