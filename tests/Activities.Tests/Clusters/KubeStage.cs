using System.Text.Json;
using k8s;
using k8s.Models;
using VirtEngine.DR.Activities.Clusters;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Activities.Tests.Clusters;

/// <summary>A namespace of a real control plane.</summary>
internal sealed class KubeStage(KubeRegion region, ClusterTarget target) : IClusterStage
{
    public ICluster Cluster => region.Of(target);

    public ClusterTarget Target => target;

    public string Zone => KubeRegion.Lost;

    private string Space => target.Cluster.Namespace;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public StepKey Key(string run = "run-1", string direction = "do") => region.Key(run, direction);

    public Task PersonCordonsAsync(string node, bool cordoned) =>
        region.Client.CoreV1.PatchNodeAsync(Merge(new { spec = new { unschedulable = cordoned } }), node, cancellationToken: Token);

    public Task PersonScalesAsync(int to) => region.Client.AppsV1.PatchNamespacedDeploymentAsync(Merge(new { spec = new { replicas = to } }), "fullnode", Space, cancellationToken: Token);

    public Task PutConfigAsync(string name, string manager, IReadOnlyDictionary<string, string> data) => region.Client.CoreV1.PatchNamespacedConfigMapAsync(
        new V1Patch(JsonSerializer.Serialize(new { apiVersion = "v1", kind = "ConfigMap", metadata = new { name }, data }), V1Patch.PatchType.ApplyPatch), name, Space, fieldManager: manager, cancellationToken: Token);

    public async Task PutServiceAsync(string name, IReadOnlyList<ServiceAddress>? addresses)
    {
        V1Service made = await region.Client.CoreV1.CreateNamespacedServiceAsync(
            new V1Service { Metadata = new() { Name = name }, Spec = new() { Type = addresses is null ? "ClusterIP" : "LoadBalancer", Ports = [new() { Port = 80 }] } }, Space, cancellationToken: Token);
        if (addresses is not { Count: > 0 })
        {
            return;
        }

        made.Status = new()
        {
            LoadBalancer = new()
            {
                Ingress = [.. addresses.Select(one => one.Kind == ServiceAddressKind.Ip ? new V1LoadBalancerIngress { Ip = one.Value } : new V1LoadBalancerIngress { Hostname = one.Value })],
            },
        };
        await region.Client.CoreV1.ReplaceNamespacedServiceStatusAsync(made, name, Space, cancellationToken: Token);
    }

    private static V1Patch Merge(object change) => new(JsonSerializer.Serialize(change), V1Patch.PatchType.MergePatch);
}
