using System.Text.RegularExpressions;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Rules;

namespace VirtEngine.DR.Estates.Reading;

/// <summary>Reads <c>regions[].cluster</c> and <c>workloads</c>.</summary>
internal sealed partial class ClusterReader(Folder folder, Problems problems)
{
    private const int Most = 1000;

    public ClusterSpec? Cluster(MapReader region)
    {
        if (region.Group("cluster", ClusterSchema.Cluster) is not { } cluster)
        {
            return null;
        }

        if (cluster.Has("context") && !cluster.Has("kubeconfig"))
        {
            problems.Add(cluster.At("context"), "A context is of a kubeconfig, and there is none.", "Add 'kubeconfig', or remove it.");
        }

        return new ClusterSpec
        {
            Kubeconfig = cluster.Text("kubeconfig") is { } file ? folder.Resolve(file) : null,
            Context = cluster.Text("context"),
            Namespace = Name(cluster, "namespace") ?? new ClusterSpec().Namespace,
        };
    }

    public IReadOnlyList<WorkloadSpec> Workloads(MapReader root) => [.. root.Groups("workloads", ClusterSchema.Workload, required: false).Select(workload => Workload(workload))];

    private WorkloadSpec Workload(MapReader workload)
    {
        var role = workload.Choice<NodeKind>("role", null);
        if (role == NodeKind.Validator && !problems.IsBad(workload.At("role")) && workload.Has("zoneReplicas"))
        {
            problems.Add(workload.At("zoneReplicas"), "A workload that holds a validator is never scaled: two pods of one key are a double sign.", "Remove it.");
        }

        return new WorkloadSpec
        {
            Name = Name(workload, "name") ?? workload.RequiredText("name"),
            Kind = workload.Choice<WorkloadKind>("kind", WorkloadKind.Deployment),
            Role = role,
            Namespace = Name(workload, "namespace"),
            ZoneReplicas = workload.Has("zoneReplicas") ? workload.Number("zoneReplicas", 1, 1, Most) : null,
        };
    }

    private string? Name(MapReader map, string key)
    {
        if (map.Text(key) is { } name && !Label().IsMatch(name))
        {
            problems.Add(map.At(key), $"{Secrets.Shown(name)} is no name in Kubernetes.", "Up to 63 lower-case letters, digits and '-'; a letter or a digit at both ends.");
        }

        return map.Text(key);
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex Label();
}
