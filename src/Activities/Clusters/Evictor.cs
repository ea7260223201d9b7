using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Clusters;

/// <summary>
/// Sends pods out of a zone. Nothing is forced: on a machine that nobody hears a pod that was told to go counts as leaving, since it may still run; its
/// replacement is made elsewhere all the same. A validator's pod and one that only its volume's zone can hold are left alone.
/// </summary>
internal sealed class Evictor(ICluster cluster, EvictAct act)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Evicts until nothing is left to evict.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">Deadline: budgets hold some; they are named.</exception>
    public async Task<EvictReport> RunAsync(CancellationToken token)
    {
        var giveUp = DateTimeOffset.UtcNow + act.Within;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        using var timer = new PeriodicTimer(Pause);
        while (true)
        {
            var now = await cluster.GlanceAsync(token).ConfigureAwait(false);
            ClusterPod[] there = [.. now.Pods.Where(pod => pod.Zone == act.Zone)];
            ClusterPod[] going = [.. there.Where(pod => WhyLeft(pod) is null)];
            seen.UnionWith(going.Select(pod => pod.Name));

            // Also where this call is late and its run has led back meanwhile: what takes pods is not emptied.
            if (now.Nodes.FirstOrDefault(node => !node.Cordoned && going.Any(pod => pod.Node == node.Name && !pod.Leaving)) is { } open)
            {
                throw Failures.Permanent(ErrorTypes.Conflict, $"{open.Name} takes pods again: somebody lifted its cordon, and nothing more is evicted from {act.Zone}. Cordon it, then retry; or abort");
            }

            var held = new List<string>();
            foreach (var pod in going.Where(pod => !pod.Leaving))
            {
                if (await cluster.EvictAsync(pod, Workload(pod), token).ConfigureAwait(false) is { Accepted: false } answer)
                {
                    held.Add($"{pod.Name}: {answer.Why}");
                }
            }

            ClusterPod[] leaving = [.. going.Where(pod => pod.Leaving)];
            var unheard = now.Nodes.Where(node => node.Readiness != NodeReadiness.Ready).Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
            if (leaving.Length == going.Length && leaving.All(pod => unheard.Contains(pod.Node!)))
            {
                return new(
                    [.. seen.Except(there.Select(pod => pod.Name)).Order(StringComparer.Ordinal)], [.. leaving.Select(pod => pod.Name)],
                    [.. there.Select(pod => WhyLeft(pod) is { } why ? $"{pod.Name}: {why}" : null).OfType<string>()]);
            }

            if (DateTimeOffset.UtcNow > giveUp)
            {
                throw Failures.Permanent(
                    ErrorTypes.Deadline,
                    $"not all pods left {act.Zone} within {act.Within.TotalSeconds:0} s. {(held.Count > 0 ? "Held by a disruption budget: " + string.Join("; ", held) : "Still ending: " + string.Join(", ", leaving.Select(pod => pod.Name)))}. "
                    + "Retry when the others are ready; a budget that allows no disruption must be changed by its owner");
            }

            await timer.WaitForNextTickAsync(token).ConfigureAwait(false);
        }
    }

    private WorkloadSpec Workload(ClusterPod pod) => act.Target.Workloads.First(one => one.Name == pod.Workload);

    private string? WhyLeft(ClusterPod pod) => Workload(pod).Role == NodeKind.Validator
        ? "a validator is never evicted; it moves by SignerMove"
        : pod.BoundTo == act.Zone ? $"its volume cannot leave {act.Zone}: it would wait for that zone. Restore it elsewhere by RB-DR-001 or RB-DR-006" : null;
}
