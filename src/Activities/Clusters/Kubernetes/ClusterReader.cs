using k8s;
using k8s.Models;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Clusters.Kubernetes;

/// <summary>Reads a cluster: machines, workloads, pods, budgets.</summary>
internal sealed class ClusterReader(k8s.Kubernetes client, ClusterTarget target)
{
    /// <summary>Everything.</summary>
    public async Task<ClusterObservation> ReadAsync(CancellationToken token)
    {
        var everywhere = await ListAsync("lists pods", () => client.CoreV1.ListPodForAllNamespacesAsync(cancellationToken: token), token).ConfigureAwait(false);
        return await ReadAsync(
            (spec, controller) => Task.FromResult<IEnumerable<V1Pod>>(everywhere.Items.Where(pod => pod.Namespace() == Space(spec) && controller.Owns(pod))),
            everywhere.Items, budgets: true, token).ConfigureAwait(false);
    }

    /// <summary>Neither room nor budgets, and of the pods only the workloads' own.</summary>
    public Task<ClusterObservation> GlanceAsync(CancellationToken token) => ReadAsync(
        async (spec, controller) => Selectors.Text(controller.Selector) is { } own
            ? (await ListAsync($"lists pods of {spec.Name}", () => client.CoreV1.ListNamespacedPodAsync(Space(spec), labelSelector: own, cancellationToken: token), token).ConfigureAwait(false)).Items
            : [],
        everywhere: null, budgets: false, token);

    /// <summary>One workload's controller; null where it is not there.</summary>
    public async Task<ControllerView?> ControllerAsync(WorkloadSpec spec, CancellationToken token)
    {
        var what = $"reads {spec.Kind} {spec.Name}";
        return spec.Kind == WorkloadKind.StatefulSet
            ? await KubernetesCall.FindAsync(target.Region, what, () => client.AppsV1.ReadNamespacedStatefulSetAsync(spec.Name, Space(spec), cancellationToken: token), token).ConfigureAwait(false) is { } set ? ControllerView.Of(spec, set) : null
            : await KubernetesCall.FindAsync(target.Region, what, () => client.AppsV1.ReadNamespacedDeploymentAsync(spec.Name, Space(spec), cancellationToken: token), token).ConfigureAwait(false) is { } deployment ? ControllerView.Of(spec, deployment) : null;
    }

    /// <summary>The zone that each claim's volume cannot leave, by namespace and claim.</summary>
    public async Task<Dictionary<string, string?>> VolumesAsync(List<string> unknowns, CancellationToken token)
    {
        try
        {
            return ClusterSight.Volumes((await ListAsync("lists volumes", () => client.CoreV1.ListPersistentVolumeAsync(cancellationToken: token), token).ConfigureAwait(false)).Items);
        }
        catch (Temporalio.Exceptions.ApplicationFailureException e) when (e.ErrorType == Contracts.ErrorTypes.NotConfigured)
        {
            unknowns.Add($"which volumes cannot leave their zone: {e.Message}");
            return [];
        }
    }

    /// <summary>What is said of a workload that is not there.</summary>
    public string Absent(WorkloadSpec spec) => $"{spec.Name} is not in namespace {Space(spec)}";

    private async Task<ClusterObservation> ReadAsync(
        Func<WorkloadSpec, ControllerView, Task<IEnumerable<V1Pod>>> podsOf, IEnumerable<V1Pod>? everywhere, bool budgets, CancellationToken token)
    {
        var unknowns = new List<string>();
        var nodes = await ListAsync("lists nodes", () => client.CoreV1.ListNodeAsync(cancellationToken: token), token).ConfigureAwait(false);
        var zones = ClusterSight.Zones(nodes.Items);
        var volumes = await VolumesAsync(unknowns, token).ConfigureAwait(false);
        var workloads = new List<ClusterWorkload>();
        var selected = new List<(WorkloadSpec Workload, V1Pod Pod)>();
        foreach (var spec in target.Workloads)
        {
            var controller = await ControllerAsync(spec, token).ConfigureAwait(false);
            workloads.Add(controller?.View ?? ControllerView.Missing(spec));
            if (controller is null)
            {
                unknowns.Add(Absent(spec));
                continue;
            }

            selected.AddRange((await podsOf(spec, controller).ConfigureAwait(false)).Select(pod => (spec, pod)));
        }

        return new(
            DateTimeOffset.UtcNow,
            [.. nodes.Items.Select(node => ClusterSight.Node(node, everywhere)).OrderBy(node => node.Name, StringComparer.Ordinal)],
            workloads,
            [.. selected.Select(one => ClusterSight.Pod(one.Workload, one.Pod, zones, volumes)).OrderBy(pod => pod.Name, StringComparer.Ordinal)],
            budgets ? await BudgetsAsync(selected, token).ConfigureAwait(false) : [], unknowns);
    }

    private string Space(WorkloadSpec spec) => spec.NamespaceIn(target.Cluster);

    private Task<T> ListAsync<T>(string what, Func<Task<T>> call, CancellationToken token) => KubernetesCall.MakeAsync(target.Region, what, call, token);

    private async Task<IReadOnlyList<ClusterBudget>> BudgetsAsync(List<(WorkloadSpec Workload, V1Pod Pod)> pods, CancellationToken token)
    {
        var found = new List<ClusterBudget>();
        foreach (var space in target.Workloads.Select(Space).Distinct())
        {
            var budgets = await ListAsync("lists disruption budgets", () => client.PolicyV1.ListNamespacedPodDisruptionBudgetAsync(space, cancellationToken: token), token).ConfigureAwait(false);
            foreach (var budget in budgets.Items)
            {
                string[] covered = [.. pods.Where(one => one.Pod.Namespace() == space && Selectors.Match(budget.Spec.Selector, one.Pod)).Select(one => one.Workload.Name).Distinct()];
                if (covered.Length > 0)
                {
                    found.Add(new(budget.Name(), covered, budget.Status?.DisruptionsAllowed ?? 0));
                }
            }
        }

        return found;
    }
}
