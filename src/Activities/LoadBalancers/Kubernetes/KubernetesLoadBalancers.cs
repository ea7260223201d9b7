using VirtEngine.DR.Activities.Clusters.Kubernetes;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.LoadBalancers;

namespace VirtEngine.DR.Activities.LoadBalancers.Kubernetes;

/// <summary>The load balancers of Services, by the clusters' clients.</summary>
/// <param name="clusters">They have the clients.</param>
/// <param name="time">What an expiry is compared with.</param>
public sealed class KubernetesLoadBalancers(KubernetesClusters clusters, TimeProvider time) : ILoadBalancers
{
    /// <inheritdoc/>
    public ILoadBalancer Of(ExclusionTarget target) => target.By switch
    {
        ExclusionKind.Service => new ServiceLoadBalancer(clusters.Client(target.Cluster), target.Cluster.Region, time),
        _ => throw Failures.Permanent(ErrorTypes.NotConfigured, $"zones of {target.Cluster.Region} cannot be taken out of the load balancer by {target.By}: there is only {ExclusionKind.Service} so far"),
    };
}
