using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Contracts.Clusters;

/// <summary>A region's cluster and what runs in it: a slice of the estate.</summary>
/// <param name="Region">The region.</param>
/// <param name="Cluster">How it is reached.</param>
/// <param name="Workloads">The workloads that the estate names.</param>
public sealed record ClusterTarget(string Region, ClusterSpec Cluster, IReadOnlyList<WorkloadSpec> Workloads);

/// <summary>What a cluster says of one of its nodes.</summary>
public enum NodeReadiness
{
    /// <summary>Its kubelet says so.</summary>
    Ready,

    /// <summary>Its kubelet says that it is not.</summary>
    NotReady,

    /// <summary>Its kubelet has not been heard for a while: whether its pods run is not known.</summary>
    Unknown,
}

/// <summary>Room on a machine, or what a pod asks for.</summary>
/// <param name="Pods">Pods.</param>
/// <param name="Cpu">Thousandths of a processor.</param>
/// <param name="Memory">Bytes.</param>
public sealed record Room(long Pods, long Cpu, long Memory);

/// <summary>A machine of a cluster.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Zone">Its zone, by the label <c>topology.kubernetes.io/zone</c>; null without one.</param>
/// <param name="Readiness">What the cluster says of it.</param>
/// <param name="Cordoned">No new pod is put there.</param>
/// <param name="CordonedBy">The run that cordoned it; null: a person or another program, or it is not.</param>
/// <param name="Free">What is left for more pods, by what the pods there ask for; null where that was not counted.</param>
public sealed record ClusterNode(string Name, string? Zone, NodeReadiness Readiness, bool Cordoned, string? CordonedBy, Room? Free)
{
    /// <summary>It runs pods, and takes new ones.</summary>
    public bool Takes => Readiness == NodeReadiness.Ready && !Cordoned;
}

/// <summary>A pod of one of the workloads.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its identity: a pod of the same name may be another one.</param>
/// <param name="Workload">Whose.</param>
/// <param name="Node">Where; null while it waits for a place.</param>
/// <param name="Zone">The zone of that machine.</param>
/// <param name="Ready">It serves, as far as the cluster knows.</param>
/// <param name="Leaving">It was told to go.</param>
/// <param name="BoundTo">The zone that its volume cannot leave; null where none holds it.</param>
public sealed record ClusterPod(string Name, string Uid, string Workload, string? Node, string? Zone, bool Ready, bool Leaving, string? BoundTo);

/// <summary>A workload as the cluster has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Found">It is there.</param>
/// <param name="Role">What its pods are.</param>
/// <param name="Desired">How many pods are wanted.</param>
/// <param name="Ready">How many serve.</param>
/// <param name="Available">How many serve long enough to count.</param>
/// <param name="Updated">How many are of the newest template.</param>
/// <param name="Settled">The controller has seen the newest wish and fulfilled it.</param>
/// <param name="ScaledBy">The run that scaled it last; null where none did.</param>
/// <param name="Former">How many were wanted before that run.</param>
/// <param name="Spread">It is told to spread its pods over zones.</param>
/// <param name="Asks">What one of its pods asks for.</param>
public sealed record ClusterWorkload(
    string Name, bool Found, NodeKind Role, int Desired, int Ready, int Available, int Updated, bool Settled, string? ScaledBy, int? Former, bool Spread, Room Asks);

/// <summary>A disruption budget that covers pods of the workloads.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Workloads">Whose pods.</param>
/// <param name="Allowed">How many may go now.</param>
public sealed record ClusterBudget(string Name, IReadOnlyList<string> Workloads, int Allowed);

/// <summary>A cluster as observed.</summary>
/// <param name="At">When.</param>
/// <param name="Nodes">Its machines, by name.</param>
/// <param name="Workloads">The estate's workloads, in its order.</param>
/// <param name="Pods">Their pods, by name.</param>
/// <param name="Budgets">Budgets that cover them.</param>
/// <param name="Unknowns">What could not be found out.</param>
public sealed record ClusterObservation(
    DateTimeOffset At, IReadOnlyList<ClusterNode> Nodes, IReadOnlyList<ClusterWorkload> Workloads, IReadOnlyList<ClusterPod> Pods,
    IReadOnlyList<ClusterBudget> Budgets, IReadOnlyList<string> Unknowns);

/// <summary>Stops, or lets again, new pods from being put into a zone.</summary>
/// <param name="Key">The idempotency key.</param>
/// <param name="Target">The cluster.</param>
/// <param name="Zone">The zone.</param>
/// <param name="By">The run whose cordons are lifted; null for a cordon.</param>
public sealed record CordonAct(StepKey Key, ClusterTarget Target, string Zone, string? By = null);

/// <summary>Changes how many pods of a workload are wanted.</summary>
/// <param name="Key">The idempotency key.</param>
/// <param name="Target">The cluster.</param>
/// <param name="Workload">Its name.</param>
/// <param name="From">How many must be wanted now: anything else is a newer decision, and is not overwritten.</param>
/// <param name="To">How many are wanted then.</param>
/// <param name="Former">How many were wanted before all this, to be remembered on the workload; null: it is as it should be, and nothing is remembered.</param>
public sealed record ScaleAct(StepKey Key, ClusterTarget Target, string Workload, int From, int To, int? Former);

/// <summary>Sends the workloads' pods out of a zone, each through the eviction API.</summary>
/// <param name="Key">The idempotency key.</param>
/// <param name="Target">The cluster.</param>
/// <param name="Zone">The zone.</param>
/// <param name="Within">How long budgets are waited for.</param>
public sealed record EvictAct(StepKey Key, ClusterTarget Target, string Zone, TimeSpan Within);

/// <summary>What an eviction left.</summary>
/// <param name="Gone">Pods that are gone.</param>
/// <param name="Leaving">Pods that were told to go, on machines that nobody hears: they are replaced elsewhere and end when the machine is heard again.</param>
/// <param name="Left">Pods that were not touched, and why.</param>
public sealed record EvictReport(IReadOnlyList<string> Gone, IReadOnlyList<string> Leaving, IReadOnlyList<string> Left);

/// <summary>Waits until workloads are as wanted, or watches that they stay so.</summary>
/// <param name="Target">The cluster.</param>
/// <param name="Without">The zone whose pods do not count; null: all count.</param>
/// <param name="Within">How long.</param>
public sealed record RolloutQuery(ClusterTarget Target, string? Without, TimeSpan Within);

/// <summary>Whether the workloads are as wanted.</summary>
/// <param name="At">When.</param>
/// <param name="Ready">True: all are; false: one is not; null: it could not be found out.</param>
/// <param name="Text">Each workload, for people.</param>
public sealed record RolloutReport(DateTimeOffset At, bool? Ready, string Text);
