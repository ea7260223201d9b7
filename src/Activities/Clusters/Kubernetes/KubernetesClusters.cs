using System.Collections.Concurrent;
using k8s;
using k8s.Exceptions;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Clusters;

namespace VirtEngine.DR.Activities.Clusters.Kubernetes;

/// <summary>One client a context, kept.</summary>
public sealed class KubernetesClusters : IClusters, IDisposable
{
    /// <summary>Of one call. A control plane that is going down takes calls and answers none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<(string? Kubeconfig, string? Context), Lazy<k8s.Kubernetes>> _clients = new();

    /// <inheritdoc/>
    public ICluster Of(ClusterTarget target) => new KubernetesCluster(Client(target), target);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    /// <summary>The client of a cluster.</summary>
    internal k8s.Kubernetes Client(ClusterTarget target)
    {
        var key = (target.Cluster.Kubeconfig, target.Cluster.Context);
        try
        {
            return _clients.GetOrAdd(key, _ => new(() => Open(target))).Value;
        }
        catch (Exception e) when (e is KubeConfigException or IOException or UnauthorizedAccessException || IsYaml(e))
        {
            // A file that was mended must be read again.
            _clients.TryRemove(key, out _);
            throw Failures.Permanent(
                ErrorTypes.NotConfigured,
                $"the cluster of {target.Region}: {(target.Cluster.Kubeconfig is { } file ? $"kubeconfig '{file}'" : "no kubeconfig is named, and this worker runs in no cluster")}{(target.Cluster.Context is { } context ? $", context '{context}'" : "")}: {e.Message}. Set regions[].cluster in the estate",
                e);
        }
    }

    /// <summary>The client lets its YAML reader's failures through, and that reader belongs to another room.</summary>
    private static bool IsYaml(Exception e) => e.GetType().Namespace == "YamlDotNet.Core";

    private static k8s.Kubernetes Open(ClusterTarget target)
    {
        var configuration = target.Cluster.Kubeconfig is { } file
            ? KubernetesClientConfiguration.BuildConfigFromConfigFile(new FileInfo(file), target.Cluster.Context)
            : KubernetesClientConfiguration.InClusterConfig();
        configuration.HttpClientTimeout = Patience;
        return new k8s.Kubernetes(configuration);
    }
}
