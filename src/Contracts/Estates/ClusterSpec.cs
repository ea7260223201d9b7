namespace VirtEngine.DR.Contracts.Estates;

/// <summary>A region's Kubernetes cluster.</summary>
public sealed record ClusterSpec
{
    /// <summary>The kubeconfig's absolute path; null: the worker's own identity in the cluster it runs in.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The context of the kubeconfig; null: its current one.</summary>
    public string? Context { get; init; }

    /// <summary>The namespace of workloads that name none.</summary>
    public string Namespace { get; init; } = "virtengine";
}

/// <summary>The controller that keeps a workload's pods.</summary>
public enum WorkloadKind
{
    /// <summary>Interchangeable pods.</summary>
    Deployment,

    /// <summary>Pods with names and volumes of their own.</summary>
    StatefulSet,
}

/// <summary>A workload that runs under one name in each region's cluster.</summary>
public sealed record WorkloadSpec
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its controller.</summary>
    public WorkloadKind Kind { get; init; }

    /// <summary>What its pods are. One that holds a validator is never scaled and its pods are never evicted.</summary>
    public required NodeKind Role { get; init; }

    /// <summary>Its namespace; null: the cluster's.</summary>
    public string? Namespace { get; init; }

    /// <summary>How many pods the region needs while a zone is away; null: as many as it has.</summary>
    public int? ZoneReplicas { get; init; }

    /// <summary>Its namespace in a cluster.</summary>
    public string NamespaceIn(ClusterSpec cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return Namespace ?? cluster.Namespace;
    }
}
