using System.Globalization;
using VirtEngine.DR.Contracts.Clusters;

namespace VirtEngine.DR.Workflows.Zones;

/// <summary>Whether the pods that are wanted find room outside a zone, by what they ask for. What the scheduler heeds besides (affinity, taints, volumes) is not counted.</summary>
/// <param name="Missing">Pods that find no place, by workload.</param>
/// <param name="Text">For people.</param>
public sealed record Headroom(IReadOnlyDictionary<string, int> Missing, string Text)
{
    /// <summary>All of them find a place.</summary>
    public bool Fits => Missing.Count == 0;

    /// <summary>Places the pods, those that ask for most first, each on the machine that has most left.</summary>
    /// <param name="now">The cluster.</param>
    /// <param name="without">The zone that does not count.</param>
    /// <param name="wanted">How many pods of each workload are wanted.</param>
    public static Headroom Of(ClusterObservation now, string without, IReadOnlyDictionary<string, int> wanted)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(wanted);
        List<(string Name, Room Free)> machines = [.. now.Nodes.Where(node => node.Zone != without && node is { Takes: true, Free: not null }).Select(node => (node.Name, node.Free!))];
        var missing = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var more = 0;
        foreach (var workload in now.Workloads.Where(one => wanted.ContainsKey(one.Name)).OrderByDescending(one => one.Asks.Memory).ThenByDescending(one => one.Asks.Cpu))
        {
            var there = now.Pods.Count(pod => pod.Workload == workload.Name && !pod.Leaving && pod.Zone is not null && pod.Zone != without);
            for (var left = wanted[workload.Name] - there; left > 0; left--)
            {
                more++;
                var at = machines.FindIndex(machine => machine.Free.Pods >= 1 && machine.Free.Cpu >= workload.Asks.Cpu && machine.Free.Memory >= workload.Asks.Memory);
                if (at < 0)
                {
                    missing[workload.Name] = left;
                    break;
                }

                var free = machines[at].Free;
                machines[at] = (machines[at].Name, new(free.Pods - 1, free.Cpu - workload.Asks.Cpu, free.Memory - workload.Asks.Memory));
                machines = [.. machines.OrderByDescending(machine => machine.Free.Memory).ThenByDescending(machine => machine.Free.Cpu).ThenBy(machine => machine.Name, StringComparer.Ordinal)];
            }
        }

        var takers = now.Nodes.Count(node => node.Zone != without && node.Takes);
        var text = missing.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{more} more pods find room on {takers} machines outside {without}")
            : $"no room outside {without} for {string.Join(", ", missing.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Value} of {one.Key}")))} ({takers} machines take pods)";
        return new(missing, text);
    }
}
