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
            if (workload.ZoneReplicas is { } count)
            {
                yaml.Pair("zoneReplicas", count);
            }
        });
        yaml.Blank();
    }
}
