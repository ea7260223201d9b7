using k8s.Models;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Clusters.Kubernetes;

/// <summary>A Deployment or a StatefulSet, read alike.</summary>
/// <param name="View">What the runbooks know.</param>
/// <param name="Metadata">Its version and its annotations.</param>
/// <param name="Selector">Which pods are its.</param>
/// <param name="Restarted">When its pods were asked to be made anew; null where they never were.</param>
internal sealed record ControllerView(ClusterWorkload View, V1ObjectMeta Metadata, V1LabelSelector Selector, string? Restarted)
{
    /// <summary>The annotation of a template that asks for new pods; kubectl's own.</summary>
    public const string RestartedAt = "kubectl.kubernetes.io/restartedAt";

    /// <summary>Of a Deployment. A rollout is done when its controller has seen the wish, all pods are new and available, and no old one is left.</summary>
    public static ControllerView Of(WorkloadSpec spec, V1Deployment one)
    {
        int desired = one.Spec.Replicas ?? 1, updated = one.Status?.UpdatedReplicas ?? 0, available = one.Status?.AvailableReplicas ?? 0;
        var settled = one.Status?.ObservedGeneration >= one.Metadata.Generation && updated >= desired && available >= desired && (one.Status?.Replicas ?? 0) <= updated;
        return Of(spec, one.Metadata, one.Spec.Selector, one.Spec.Template, desired, one.Status?.ReadyReplicas ?? 0, available, updated, settled);
    }

    /// <summary>Of a StatefulSet.</summary>
    public static ControllerView Of(WorkloadSpec spec, V1StatefulSet one)
    {
        int desired = one.Spec.Replicas ?? 1, updated = one.Status?.UpdatedReplicas ?? 0, available = one.Status?.AvailableReplicas ?? 0;
        var settled = one.Status?.ObservedGeneration >= one.Metadata.Generation && updated >= desired && available >= desired && one.Status?.Replicas == desired;
        return Of(spec, one.Metadata, one.Spec.Selector, one.Spec.Template, desired, one.Status?.ReadyReplicas ?? 0, available, updated, settled);
    }

    /// <summary>Of a workload that is not there.</summary>
    public static ClusterWorkload Missing(WorkloadSpec spec) => new(spec.Name, Found: false, spec.Role, 0, 0, 0, 0, Settled: false, null, null, Spread: false, new(1, 0, 0));

    /// <summary>What a pod asks for: the larger of what its containers need together and of what one of its first containers needs.</summary>
    public static Room Asks(V1PodSpec pod)
    {
        var main = Sum(pod.Containers);
        var first = (pod.InitContainers ?? []).Select(one => Sum([one])).ToList();
        return new(1, first.Select(one => one.Cpu).Append(main.Cpu).Max(), first.Select(one => one.Memory).Append(main.Memory).Max());
    }

    /// <summary>Whether a pod is its.</summary>
    public bool Owns(V1Pod pod) => Selectors.Match(Selector, pod);

    private static ControllerView Of(
        WorkloadSpec spec, V1ObjectMeta metadata, V1LabelSelector selector, V1PodTemplateSpec template, int desired, int ready, int available, int updated, bool settled) => new(
        new(
            spec.Name, Found: true, spec.Role, desired, ready, available, updated, settled, Marks.Read(metadata.Annotations, Marks.ScaledBy), Marks.Number(metadata.Annotations, Marks.Former),
            (template.Spec.TopologySpreadConstraints ?? []).Any(one => one.TopologyKey == ClusterSight.ZoneLabel) || Apart(template.Spec), Asks(template.Spec)),
        metadata, selector, Marks.Read(template.Metadata?.Annotations, RestartedAt));

    private static bool Apart(V1PodSpec pod) => pod.Affinity?.PodAntiAffinity is { } apart
        && ((apart.RequiredDuringSchedulingIgnoredDuringExecution ?? []).Any(term => term.TopologyKey == ClusterSight.ZoneLabel)
            || (apart.PreferredDuringSchedulingIgnoredDuringExecution ?? []).Any(term => term.PodAffinityTerm.TopologyKey == ClusterSight.ZoneLabel));

    private static Room Sum(IEnumerable<V1Container> containers)
    {
        decimal cpu = 0, memory = 0;
        foreach (var asks in containers.Select(one => one.Resources?.Requests).OfType<IDictionary<string, ResourceQuantity>>())
        {
            cpu += asks.TryGetValue("cpu", out var processor) ? processor.ToDecimal() * 1000 : 0;
            memory += asks.TryGetValue("memory", out var bytes) ? bytes.ToDecimal() : 0;
        }

        return new(1, (long)cpu, (long)memory);
    }
}
