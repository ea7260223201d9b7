using k8s;
using k8s.Models;
using VirtEngine.DR.Activities.Clusters;
using VirtEngine.DR.Activities.Clusters.Kubernetes;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Clusters;

/// <summary>A real Kubernetes control plane of two zones with three machines each, started once; its kubelets are kwok's, so pods become ready and serve nothing.</summary>
public sealed class KubeRegion : IAsyncDisposable
{
    public const string Lost = "us-east-1a";

    /// <summary>Tests of this collection share it and go one after the other.</summary>
    public const string Collection = "kube-region";

    private readonly ScratchFolder _folder = new();
    private Task? _started;
    private int _numbers;

    public k8s.Kubernetes Client { get; private set; } = null!;

    public KubernetesClusters Clusters { get; } = new();

    /// <summary>The cluster without workloads.</summary>
    public ClusterTarget Any => new("us-east-1", new() { Kubeconfig = Path.Combine(_folder.Path, "us", "kubeconfig"), Context = "virtengine-us-east-1" }, []);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task StartAsync()
    {
        RequiredProgram.Find("kube-region");
        return _started ??= StartOnceAsync();
    }

    /// <summary>A namespace of its own with a Deployment, a StatefulSet that holds a validator, and a budget; all are ready.</summary>
    public async Task<ClusterTarget> MakeAsync(int full = 4, int? keep = null, string? name = null)
    {
        await StartAsync();
        string space = name ?? "t" + Guid.NewGuid().ToString("N")[..12];
        await Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new() { Name = space } }, cancellationToken: Token);
        await DeployAsync(space, "fullnode", full);
        await Client.AppsV1.CreateNamespacedStatefulSetAsync(
            new V1StatefulSet { Metadata = new() { Name = "validator" }, Spec = new() { Replicas = 1, ServiceName = "validator", Selector = Labels("validator"), Template = Pod("validator") } }, space, cancellationToken: Token);
        if (keep is { } least)
        {
            await Client.PolicyV1.CreateNamespacedPodDisruptionBudgetAsync(
                new V1PodDisruptionBudget { Metadata = new() { Name = "keep" }, Spec = new() { MinAvailable = least, Selector = Labels("fullnode") } }, space, cancellationToken: Token);
        }

        var target = new ClusterTarget(
            "us-east-1", Any.Cluster with { Namespace = space },
            [new() { Name = "fullnode", Role = NodeKind.Full }, new() { Name = "validator", Kind = WorkloadKind.StatefulSet, Role = NodeKind.Validator }]);
        await Eventually.TrueAsync("all pods are ready", TimeSpan.FromSeconds(90), async () =>
        {
            ClusterObservation now = await Clusters.Of(target).LookAsync(Token);
            return now.Workloads.All(one => one.Settled) && now.Pods.Count == full + 1 && (keep is null || now.Budgets is [{ Allowed: > 0 }] || full <= keep);
        }, Token);
        return target;
    }

    /// <summary>A Deployment.</summary>
    public Task DeployAsync(string space, string name, int replicas) => Client.AppsV1.CreateNamespacedDeploymentAsync(
        new V1Deployment { Metadata = new() { Name = name }, Spec = new() { Replicas = replicas, Selector = Labels(name), Template = Pod(name) } }, space, cancellationToken: Token);

    /// <summary>The same cluster for another identity, by a token.</summary>
    public ClusterTarget As(ClusterTarget target, string token)
    {
        string admin = File.ReadAllText(target.Cluster.Kubeconfig!), path = _folder[$"kubeconfig-{Guid.NewGuid():N}"];
        File.WriteAllText(path, admin.Replace("token: admin", $"token: {token}", StringComparison.Ordinal));
        return target with { Cluster = target.Cluster with { Kubeconfig = path } };
    }

    /// <summary>The key of the next act of a run.</summary>
    public StepKey Key(string run = "run-1", string direction = "do", int? number = null) => new(run, run + "-id", run + "-id", "step", direction, number ?? ++_numbers);

    public Task ZoneAsync(string verb) => ChildProgram.RunAsync("kube-region", [verb, Path.Combine(_folder.Path, "us"), Lost], cancellationToken: Token);

    public Task ApiAsync(string verb) => ChildProgram.RunAsync("kube-region", [verb, Path.Combine(_folder.Path, "us")], cancellationToken: Token);

    public ICluster Of(ClusterTarget target) => Clusters.Of(target);

    public async ValueTask DisposeAsync()
    {
        Clusters.Dispose();
        Client?.Dispose();
        if (_started is not null)
        {
            await ChildProgram.RunAsync("kube-region", ["down", Path.Combine(_folder.Path, "us")], cancellationToken: CancellationToken.None);
        }

        _folder.Dispose();
    }

    private async Task StartOnceAsync()
    {
        await ChildProgram.RunAsync("kube-region", ["up", Path.Combine(_folder.Path, "us"), "us-east-1", $"{FreePorts.Block(3)}", Lost, "us-east-1b"], cancellationToken: Token);
        Client = new(KubernetesClientConfiguration.BuildConfigFromConfigFile(new FileInfo(Path.Combine(_folder.Path, "us", "kubeconfig"))));
    }

    private static V1LabelSelector Labels(string app) => new() { MatchLabels = new Dictionary<string, string> { ["app"] = app } };

    private static V1PodTemplateSpec Pod(string app) => new()
    {
        Metadata = new() { Labels = new Dictionary<string, string> { ["app"] = app } },
        Spec = new()
        {
            Containers = [new() { Name = "main", Image = "none", Resources = new() { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("500m"), ["memory"] = new("1Gi") } } }],
            TopologySpreadConstraints = [new() { MaxSkew = 1, TopologyKey = "topology.kubernetes.io/zone", WhenUnsatisfiable = "ScheduleAnyway", LabelSelector = Labels(app) }],
        },
    };
}

[CollectionDefinition(KubeRegion.Collection)]
public sealed class KubeRegionTests : ICollectionFixture<KubeRegion>;
