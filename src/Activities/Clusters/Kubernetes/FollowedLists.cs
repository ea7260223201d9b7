using k8s.Models;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Clusters.Kubernetes;

/// <summary>A workload that is followed.</summary>
/// <param name="Spec">Which one.</param>
/// <param name="View">Its controller as it is known now; null where it is not there.</param>
/// <param name="Controllers">The list that its controller is in.</param>
/// <param name="Pods">Its pods; null where there is no controller to say which are its.</param>
/// <param name="Uid">The controller that said which pods are its.</param>
internal sealed record FollowedWorkload(WorkloadSpec Spec, Func<ControllerView?> View, IWatchedList Controllers, WatchedList<V1Pod>? Pods, string? Uid);

/// <summary>What is known of a cluster that is followed.</summary>
internal sealed class FollowedLists(
    WatchedList<V1Node> nodes, IReadOnlyList<FollowedWorkload> workloads, Dictionary<string, string?> volumes, IReadOnlyList<string> unknowns, ClusterReader reader)
{
    private readonly HashSet<string> _claims = [.. workloads.SelectMany(one => one.Pods?.Items ?? []).SelectMany(ClusterSight.Claims)];

    /// <summary>All lists.</summary>
    public IEnumerable<IWatchedList> All => [nodes, .. workloads.Select(one => one.Controllers), .. workloads.Select(one => one.Pods).OfType<IWatchedList>()];

    /// <summary>It must be listed anew: a controller came, went or is another one, or a pod has a volume that nobody looked at yet.</summary>
    public bool Outgrown => workloads.Any(one => one.View()?.Metadata.Uid != one.Uid || (one.Pods?.Items ?? []).SelectMany(ClusterSight.Claims).Any(claim => !_claims.Contains(claim)));

    /// <summary>As it is known now.</summary>
    public ClusterObservation Observe()
    {
        V1Node[] machines = [.. nodes.Items];
        var zones = ClusterSight.Zones(machines);
        var views = workloads.Select(one => (one.Spec, View: one.View())).ToList();
        return new(
            DateTimeOffset.UtcNow,
            [.. machines.Select(node => ClusterSight.Node(node, null)).OrderBy(node => node.Name, StringComparer.Ordinal)],
            [.. views.Select(one => one.View?.View ?? ControllerView.Missing(one.Spec))],
            [.. workloads.SelectMany(one => (one.Pods?.Items ?? []).Select(pod => ClusterSight.Pod(one.Spec, pod, zones, volumes))).OrderBy(pod => pod.Name, StringComparer.Ordinal)],
            [], [.. unknowns, .. views.Where(one => one.View is null).Select(one => reader.Absent(one.Spec))]);
    }
}
