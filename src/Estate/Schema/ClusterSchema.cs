using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Estates;

/// <summary>The keys of Kubernetes.</summary>
internal static class ClusterSchema
{
    private const string Required = EstateSchema.Required;
    private const string None = EstateSchema.None;

    internal static readonly EstateSection Cluster = new("regions[].cluster", "A region's Kubernetes cluster. The control workers reach its API server.",
    [
        new("kubeconfig", "A file.", "the worker's own identity in the cluster it runs in", "The kubeconfig. A relative file is taken from this file's folder. Its credentials are read by the worker and never copied."),
        new("context", "A context's name; only with kubeconfig.", "the kubeconfig's current one", "The context, such as virtengine-us-east-1."),
        new("namespace", "A namespace's name.", new ClusterSpec().Namespace, "The namespace of workloads that name none."),
    ]);

    internal static readonly EstateSection Workload = new("workloads[]", "A workload of the clusters. One with role validator is never scaled and its pods are never evicted.",
    [
        new("name", "Up to 63 lower-case letters, digits and '-'.", Required, "Its name in the cluster."),
        new("kind", "deployment or statefulSet.", "deployment", "Its controller."),
        new("role", "validator, full, archive, provider, gateway or monitoring.", Required, "What its pods are."),
        new("namespace", "A namespace's name.", "the cluster's", "Its namespace."),
        new("zoneReplicas", "A whole number from 1 to 1000; not for validator.", "as many as it has", "How many pods the region needs while one of its zones is away (RB-DR-002)."),
    ]);
}
