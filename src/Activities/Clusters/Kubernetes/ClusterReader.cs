using k8s;
using k8s.Models;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Clusters.Kubernetes;

/// <summary>Reads a cluster's objects as what the runbooks know: machines, workloads, pods, budgets.</summary>
internal sealed class ClusterReader(k8s.Kubernetes client, ClusterTarget target)
{
    private const string ZoneLabel = "topology.kubernetes.io/zone";

    /// <summary>Everything.</summary>
    public async Task<ClusterObservation> ReadAsync(CancellationToken token)
    {
        var unknowns = new List<string>();
        var nodes = await ListAsync("lists nodes", () => client.CoreV1.ListNodeAsync(cancellationToken: token), token).ConfigureAwait(false);
        var everywhere = await ListAsync("lists pods", () => client.CoreV1.ListPodForAllNamespacesAsync(cancellationToken: token), token).ConfigureAwait(false);
        var zones = nodes.Items.ToDictionary(node => node.Name(), Zone, StringComparer.Ordinal);
        var volumes = await VolumesAsync(unknowns, token).ConfigureAwait(false);
        var workloads = new List<ClusterWorkload>();
        var pods = new List<ClusterPod>();
        var selected = new List<(string Workload, V1Pod Pod)>();
        foreach (var spec in target.Workloads)
        {
            var controller = await ControllerAsync(spec, token).ConfigureAwait(false);
            workloads.Add(controller?.View ?? ControllerView.Missing(spec));
            if (controller is null)
            {
                unknowns.Add($"{spec.Name} is not in namespace {spec.NamespaceIn(target.Cluster)}");
                continue;
            }

            var own = everywhere.Items.Where(pod => pod.Namespace() == spec.NamespaceIn(target.Cluster) && controller.Owns(pod)).ToList();
            selected.AddRange(own.Select(pod => (spec.Name, pod)));
            pods.AddRange(own.Select(pod => Pod(spec, pod, zones, volumes)));
        }

        return new(
            DateTimeOffset.UtcNow,
            [.. nodes.Items.Select(node => Node(node, everywhere.Items)).OrderBy(node => node.Name, StringComparer.Ordinal)],
            workloads, [.. pods.OrderBy(pod => pod.Name, StringComparer.Ordinal)],
            await BudgetsAsync(selected, token).ConfigureAwait(false), unknowns);
    }

    /// <summary>One workload's controller; null where it is not there.</summary>
    public async Task<ControllerView?> ControllerAsync(WorkloadSpec spec, CancellationToken token)
    {
        var space = spec.NamespaceIn(target.Cluster);
        var what = $"reads {spec.Kind} {spec.Name}";
        return spec.Kind == WorkloadKind.StatefulSet
            ? await KubernetesCall.FindAsync(target.Region, what, () => client.AppsV1.ReadNamespacedStatefulSetAsync(spec.Name, space, cancellationToken: token), token).ConfigureAwait(false) is { } set ? ControllerView.Of(spec, set) : null
            : await KubernetesCall.FindAsync(target.Region, what, () => client.AppsV1.ReadNamespacedDeploymentAsync(spec.Name, space, cancellationToken: token), token).ConfigureAwait(false) is { } deployment ? ControllerView.Of(spec, deployment) : null;
    }

    private Task<T> ListAsync<T>(string what, Func<Task<T>> call, CancellationToken token) => KubernetesCall.MakeAsync(target.Region, what, call, token);

    private static string? Zone(V1Node node) => node.Metadata.Labels is { } labels && labels.TryGetValue(ZoneLabel, out var zone) ? zone : null;

    private static ClusterNode Node(V1Node node, IEnumerable<V1Pod> pods)
    {
        var readiness = node.Status?.Conditions?.FirstOrDefault(one => one.Type == "Ready")?.Status switch
        {
            "True" => NodeReadiness.Ready,
            "False" => NodeReadiness.NotReady,
            _ => NodeReadiness.Unknown,
        };
        var there = pods.Where(pod => pod.Spec.NodeName == node.Name() && pod.Status?.Phase is not ("Succeeded" or "Failed")).ToList();
        var room = new Room(
            Long(node.Status?.Allocatable, "pods", 1) - there.Count,
            Long(node.Status?.Allocatable, "cpu", 1000) - there.Sum(pod => ControllerView.Asks(pod.Spec).Cpu),
            Long(node.Status?.Allocatable, "memory", 1) - there.Sum(pod => ControllerView.Asks(pod.Spec).Memory));
        return new(node.Name(), Zone(node), readiness, node.Spec?.Unschedulable == true, Marks.Read(node.Metadata.Annotations, Marks.CordonedBy), room);
    }

    private static long Long(IDictionary<string, ResourceQuantity>? quantities, string name, int times) =>
        quantities is not null && quantities.TryGetValue(name, out var quantity) ? (long)(quantity.ToDecimal() * times) : 0;

    private ClusterPod Pod(WorkloadSpec spec, V1Pod pod, Dictionary<string, string?> zones, Dictionary<string, string?> volumes)
    {
        var ready = pod.Status?.Conditions?.Any(one => one.Type == "Ready" && one.Status == "True") == true;
        var bound = (pod.Spec.Volumes ?? [])
            .Select(volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>()
            .Select(claim => volumes.GetValueOrDefault($"{spec.NamespaceIn(target.Cluster)}/{claim}")).FirstOrDefault(zone => zone is not null);
        return new(
            pod.Name(), pod.Uid(), spec.Name, pod.Spec.NodeName, pod.Spec.NodeName is { } node ? zones.GetValueOrDefault(node) : null, ready,
            pod.Metadata.DeletionTimestamp is not null, bound);
    }

    /// <summary>The zone that each claim's volume cannot leave, by namespace and claim.</summary>
    private async Task<Dictionary<string, string?>> VolumesAsync(List<string> unknowns, CancellationToken token)
    {
        try
        {
            var volumes = await ListAsync("lists volumes", () => client.CoreV1.ListPersistentVolumeAsync(cancellationToken: token), token).ConfigureAwait(false);
            return volumes.Items.Where(volume => volume.Spec.ClaimRef is not null).ToDictionary(
                volume => $"{volume.Spec.ClaimRef.NamespaceProperty}/{volume.Spec.ClaimRef.Name}",
                volume => (volume.Spec.NodeAffinity?.Required?.NodeSelectorTerms ?? [])
                    .SelectMany(term => term.MatchExpressions ?? []).FirstOrDefault(one => one.Key == ZoneLabel && one.OperatorProperty == "In" && one.Values.Count == 1)?.Values[0],
                StringComparer.Ordinal);
        }
        catch (Temporalio.Exceptions.ApplicationFailureException e) when (e.ErrorType == Contracts.ErrorTypes.NotConfigured)
        {
            unknowns.Add($"which volumes cannot leave their zone: {e.Message}");
            return [];
        }
    }

    private async Task<IReadOnlyList<ClusterBudget>> BudgetsAsync(List<(string Workload, V1Pod Pod)> pods, CancellationToken token)
    {
        var found = new List<ClusterBudget>();
        foreach (var space in target.Workloads.Select(one => one.NamespaceIn(target.Cluster)).Distinct())
        {
            var budgets = await ListAsync("lists disruption budgets", () => client.PolicyV1.ListNamespacedPodDisruptionBudgetAsync(space, cancellationToken: token), token).ConfigureAwait(false);
            foreach (var budget in budgets.Items)
            {
                string[] covered = [.. pods.Where(one => one.Pod.Namespace() == space && Selectors.Match(budget.Spec.Selector, one.Pod)).Select(one => one.Workload).Distinct()];
                if (covered.Length > 0)
                {
                    found.Add(new(budget.Name(), covered, budget.Status?.DisruptionsAllowed ?? 0));
                }
            }
        }

        return found;
    }
}
