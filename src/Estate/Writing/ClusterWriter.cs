using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates.Writing;

internal static class ClusterWriter
{
    public static void Write(YamlText yaml, ClusterSpec cluster)
    {
        yaml.Pair("kubeconfig", cluster.Kubeconfig);
        yaml.Pair("context", cluster.Context);
        yaml.Pair("namespace", cluster.Namespace);
    }

    public static void Write(YamlText yaml, IReadOnlyList<WorkloadSpec> workloads)
    {
        if (workloads.Count == 0)
        {
            return;
        }

        yaml.Groups("workloads", workloads, workload =>
        {
            yaml.Pair("name", workload.Name);
            yaml.Pair("kind", EnumNames<WorkloadKind>.Of(workload.Kind));
            yaml.Pair("role", EnumNames<NodeKind>.Of(workload.Role));
            yaml.Pair("namespace", workload.Namespace);
            Count(yaml, "zoneReplicas", workload.ZoneReplicas);
            Count(yaml, "regionReplicas", workload.RegionReplicas);
        });
        yaml.Blank();
    }

    private static void Count(YamlText yaml, string key, int? count)
    {
        if (count is { } some)
        {
            yaml.Pair(key, some);
        }
    }
}
