using k8s.Models;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Clusters.Kubernetes;

/// <summary>A cluster's objects as what the runbooks know.</summary>
internal static class ClusterSight
{
    /// <summary>The label that names a machine's zone.</summary>
    public const string ZoneLabel = "topology.kubernetes.io/zone";

    /// <summary>A machine.</summary>
    /// <param name="node">It.</param>
    /// <param name="all">Every pod of the cluster; null: the room that is left is not counted.</param>
    public static ClusterNode Node(V1Node node, IEnumerable<V1Pod>? all)
    {
        var readiness = node.Status?.Conditions?.FirstOrDefault(one => one.Type == "Ready")?.Status switch
        {
            "True" => NodeReadiness.Ready,
            "False" => NodeReadiness.NotReady,
            _ => NodeReadiness.Unknown,
        };
        return new(
            node.Name(), Zone(node), readiness, node.Spec?.Unschedulable == true, Marks.Read(node.Metadata.Annotations, Marks.CordonedBy), all is null ? null : Free(node, all));
    }

    /// <summary>A pod of a workload.</summary>
    /// <param name="spec">The workload.</param>
    /// <param name="pod">It.</param>
    /// <param name="zones">The zone of each machine.</param>
    /// <param name="volumes">The zone that each claim's volume cannot leave, by namespace and claim.</param>
    public static ClusterPod Pod(WorkloadSpec spec, V1Pod pod, Dictionary<string, string?> zones, Dictionary<string, string?> volumes)
    {
        var ready = pod.Status?.Conditions?.Any(one => one.Type == "Ready" && one.Status == "True") == true;
        return new(
            pod.Name(), pod.Uid(), spec.Name, pod.Spec.NodeName, pod.Spec.NodeName is { } node ? zones.GetValueOrDefault(node) : null, ready,
            pod.Metadata.DeletionTimestamp is not null, Claims(pod).Select(claim => volumes.GetValueOrDefault(claim)).FirstOrDefault(zone => zone is not null));
    }

    /// <summary>The claims of a pod, each with its namespace.</summary>
    public static IEnumerable<string> Claims(V1Pod pod) =>
        (pod.Spec.Volumes ?? []).Select(volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>().Select(claim => $"{pod.Namespace()}/{claim}");

    /// <summary>The zone of each machine.</summary>
    public static Dictionary<string, string?> Zones(IEnumerable<V1Node> nodes) => nodes.ToDictionary(node => node.Name(), Zone, StringComparer.Ordinal);

    /// <summary>The zone of a machine; null without one.</summary>
    public static string? Zone(V1Node node) => node.Metadata.Labels is { } labels && labels.TryGetValue(ZoneLabel, out var zone) ? zone : null;

    /// <summary>The zone that each claim's volume cannot leave, by namespace and claim.</summary>
    public static Dictionary<string, string?> Volumes(IEnumerable<V1PersistentVolume> volumes) => volumes.Where(volume => volume.Spec.ClaimRef is not null).ToDictionary(
        volume => $"{volume.Spec.ClaimRef.NamespaceProperty}/{volume.Spec.ClaimRef.Name}",
        volume => (volume.Spec.NodeAffinity?.Required?.NodeSelectorTerms ?? [])
            .SelectMany(term => term.MatchExpressions ?? []).FirstOrDefault(one => one.Key == ZoneLabel && one.OperatorProperty == "In" && one.Values.Count == 1)?.Values[0],
        StringComparer.Ordinal);

    private static Room Free(V1Node node, IEnumerable<V1Pod> all)
    {
        var there = all.Where(pod => pod.Spec.NodeName == node.Name() && pod.Status?.Phase is not ("Succeeded" or "Failed")).ToList();
        return new(
            Long(node.Status?.Allocatable, "pods", 1) - there.Count,
            Long(node.Status?.Allocatable, "cpu", 1000) - there.Sum(pod => ControllerView.Asks(pod.Spec).Cpu),
            Long(node.Status?.Allocatable, "memory", 1) - there.Sum(pod => ControllerView.Asks(pod.Spec).Memory));
    }

    private static long Long(IDictionary<string, ResourceQuantity>? quantities, string name, int times) =>
        quantities is not null && quantities.TryGetValue(name, out var quantity) ? (long)(quantity.ToDecimal() * times) : 0;
}
