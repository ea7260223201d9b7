using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Workflows.Zones;

/// <summary>What a zone's failover decides from what it sees.</summary>
public static class ZonePlan
{
    /// <summary>How each workload is scaled: to what the estate wants while a zone is away, and never down. What holds a validator is left alone.</summary>
    public static IReadOnlyDictionary<string, ScaleAway> Scales(ZoneFailoverInput input, ZoneSlice slice, ClusterObservation now)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(now);
        return input.Scales ?? now.Workloads.Where(one => one.Found && one.Role != NodeKind.Validator).ToDictionary(
            one => one.Name,
            one => new ScaleAway(one.Desired, Math.Max(one.Desired, slice.Target.Workloads.First(spec => spec.Name == one.Name).ZoneReplicas ?? 0), one.Former ?? one.Desired),
            StringComparer.Ordinal);
    }

    /// <summary>The workloads in a line.</summary>
    public static string Describe(ClusterObservation now)
    {
        ArgumentNullException.ThrowIfNull(now);
        return string.Join(", ", now.Workloads.Select(one => one.Found ? FormattableString.Invariant($"{one.Name} {one.Ready} of {one.Desired} ready") : $"{one.Name} is not there"));
    }

    /// <summary>The budgets in a line.</summary>
    public static string DescribeBudgets(ClusterObservation now)
    {
        ArgumentNullException.ThrowIfNull(now);
        return string.Join(", ", now.Budgets.Select(one => FormattableString.Invariant($"{one.Name} ({string.Join(", ", one.Workloads)}) lets {one.Allowed} go")).DefaultIfEmpty("none"));
    }

    /// <summary>Whether the zone is empty of what may leave it, as a world. A pod that was told to go on a machine that nobody hears has been sent away as far as that can be.</summary>
    public static Observed Emptied(ZoneSlice slice, ZoneSight zone)
    {
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(zone);
        var unheard = zone.Nodes.Where(node => node.Readiness != NodeReadiness.Ready).Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        var left = zone.Pods.Where(pod => Movable(slice, pod) && !(pod.Leaving && unheard.Contains(pod.Node!))).Select(pod => pod.Name).ToArray();
        return left.Length == 0 ? new("empty", "nothing that may leave is left there") : new("pods left", string.Join(", ", left));
    }

    /// <summary>What people should know.</summary>
    public static IEnumerable<string> Risks(ZoneSlice slice, ClusterObservation now, ZoneSight zone, Headroom room, PowerReport? power)
    {
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(zone);
        ArgumentNullException.ThrowIfNull(room);
        if (!room.Fits)
        {
            yield return room.Text;
        }

        foreach (var one in now.Workloads.Where(one => one is { Found: true, Spread: false } && one.Role != NodeKind.Validator))
        {
            yield return $"{one.Name} is not told to spread over zones: its pods may all land in one. A change of its template would restart all of them, so it is not made in an incident";
        }

        foreach (var pod in zone.Pods.Where(pod => pod.BoundTo == slice.Zone))
        {
            yield return $"{pod.Name}: its volume cannot leave {slice.Zone}, so it is not moved. Its node comes back by RB-DR-001 or RB-DR-006 elsewhere";
        }

        foreach (var budget in now.Budgets.Where(budget => budget.Allowed == 0))
        {
            yield return $"budget {budget.Name} lets no pod of {string.Join(", ", budget.Workloads)} go now: the eviction waits until others are ready";
        }

        if (slice.Validators.Count > 0)
        {
            yield return $"{string.Join(", ", slice.Validators)}: validators in the zone, which no step touches. A key moves by SignerMove only"
                + (power is { Total: > 0 } seen && !VotingPower.GoesOn(seen.Signing, seen.Total) ? ". Two thirds or less of the voting power sign: the chain stands, and this run does not change that" : "");
        }

        foreach (var unknown in now.Unknowns)
        {
            yield return "unknown: " + unknown;
        }
    }

    private static bool Movable(ZoneSlice slice, ClusterPod pod) => pod.BoundTo != slice.Zone && slice.Target.Workloads.First(spec => spec.Name == pod.Workload).Role != NodeKind.Validator;
}
