using k8s;
using k8s.Models;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>A real Kubernetes control plane of two zones, a real chain of two validators beside it, a Temporal server and a control worker.</summary>
public sealed class ZoneStage : IAsyncDisposable
{
    /// <summary>The region.</summary>
    public const string Region = "us-east-1";

    /// <summary>The zone that goes dark.</summary>
    public const string Lost = "us-east-1a";

    private const string Space = "virtengine";
    private readonly ScratchFolder _folder = new();
    private TemporalDevServer? _temporal;
    private ChildProgram? _control;
    private LabNet? _net;
    private bool _up;

    /// <summary>The cluster.</summary>
    public Kubernetes Cluster { get; private set; } = null!;

    /// <summary>The operator's program.</summary>
    public Cli Cli { get; private set; } = null!;

    /// <summary>The official command-line program's view.</summary>
    public TemporalDevServer Temporal => _temporal!;

    private string Folder => _folder["us"];

    /// <summary>Starts everything; the workloads are ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string program in (string[])["kube-region", "labchaind", "labnet", "temporal", "openssl"])
        {
            RequiredProgram.Find(program);
        }

        _up = true;
        await ChildProgram.RunAsync("kube-region", ["up", Folder, Region, $"{FreePorts.Block(3)}", Lost, "us-east-1b"], cancellationToken: cancellationToken);
        Cluster = new(KubernetesClientConfiguration.BuildConfigFromConfigFile(new FileInfo(Path.Combine(Folder, "kubeconfig"))));
        _net = await LabNet.StartAsync(_folder["net"], 2, null, "500ms", _ => Task.CompletedTask, cancellationToken);
        _temporal = await TemporalDevServer.StartAsync(_folder["temporal.db"], cancellationToken);
        await Cluster.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new() { Name = Space } }, cancellationToken: cancellationToken);
        await MakeAsync("virtengine-fullnode", 2, cancellationToken);
        await MakeAsync("api-gateway", 2, cancellationToken);
        await Eventually.TrueAsync("the workloads are ready", TimeSpan.FromSeconds(90), async () => (await ReadyAsync("virtengine-fullnode", cancellationToken), await ReadyAsync("api-gateway", cancellationToken)) == (2, 2), cancellationToken);
        await _net.ReachesAsync(1, 3, TimeSpan.FromSeconds(60), cancellationToken);
        Cli = new Cli(await EstateAsync(cancellationToken), _temporal.Address);
        StartControl();
    }

    /// <summary>Kills the control worker and starts another.</summary>
    public async Task LoseControlAsync(CancellationToken cancellationToken)
    {
        _control!.Kill();
        await _control.WaitAsync(cancellationToken);
        StartControl();
    }

    /// <summary>The zone goes dark, or comes back.</summary>
    public Task ZoneAsync(string verb, CancellationToken cancellationToken) => ChildProgram.RunAsync("kube-region", [verb, Folder, Lost], cancellationToken: cancellationToken);

    /// <summary>How many pods of a workload serve.</summary>
    public async Task<int> ReadyAsync(string name, CancellationToken cancellationToken) =>
        (await Cluster.AppsV1.ReadNamespacedDeploymentAsync(name, Space, cancellationToken: cancellationToken)).Status?.ReadyReplicas ?? 0;

    /// <summary>How many pods of a workload are wanted.</summary>
    public async Task<int?> WantedAsync(string name, CancellationToken cancellationToken) =>
        (await Cluster.AppsV1.ReadNamespacedDeploymentAsync(name, Space, cancellationToken: cancellationToken)).Spec.Replicas;

    /// <summary>How many machines take no pods.</summary>
    public async Task<int> CordonedAsync(CancellationToken cancellationToken) =>
        (await Cluster.CoreV1.ListNodeAsync(cancellationToken: cancellationToken)).Items.Count(node => node.Spec?.Unschedulable == true);

    private void StartControl() => _control = Cli.StartWorker("--role", "control", "--health-port", "0", "--state", _folder["control"]);

    private Task<V1Deployment> MakeAsync(string name, int replicas, CancellationToken cancellationToken)
    {
        V1LabelSelector own = new() { MatchLabels = new Dictionary<string, string> { ["app.kubernetes.io/name"] = name } };
        return Cluster.AppsV1.CreateNamespacedDeploymentAsync(
            new V1Deployment
            {
                Metadata = new() { Name = name },
                Spec = new()
                {
                    Replicas = replicas,
                    Selector = own,
                    Template = new()
                    {
                        Metadata = new() { Labels = own.MatchLabels },
                        Spec = new()
                        {
                            Containers = [new() { Name = "main", Image = "none" }],
                            TopologySpreadConstraints = [new() { MaxSkew = 1, TopologyKey = "topology.kubernetes.io/zone", WhenUnsatisfiable = "ScheduleAnyway", LabelSelector = own }],
                        },
                    },
                },
            },
            Space, cancellationToken: cancellationToken);
    }

    private async Task<string> EstateAsync(CancellationToken cancellationToken)
    {
        string nodes = string.Concat(Enumerable.Range(0, 2).Select(i => $$"""

              - { name: node{{i}}, kind: full, region: {{Region}}, zone: us-east-1b, home: {{_net!.Home($"node{i}")}}, rpc: "{{_net.Rpc(i)}}", backup: none, control: { type: process } }
            """));
        string path = _folder["estate.yaml"];
        await File.WriteAllTextAsync(path, $$"""
            name: zones
            chain: { id: labchain-1, blockTime: 1s, maxLagBlocks: 20 }
            regions:
              - name: {{Region}}
                role: primary
                zones: [{{Lost}}, us-east-1b]
                cluster: { kubeconfig: {{Path.Combine(Folder, "kubeconfig")}}, context: virtengine-{{Region}} }
            nodes:{{nodes}}
            workloads:
              - { name: virtengine-fullnode, role: full, zoneReplicas: 3 }
              - { name: api-gateway, role: gateway, zoneReplicas: 3 }
            backups: { schedules: [] }
            approvals: { required: 1, approvers: [alice, bob, carol] }
            evidence: {{_folder["evidence"]}}

            """, cancellationToken);
        return path;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable? part in new IAsyncDisposable?[] { _control, _net, _temporal })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        Cluster?.Dispose();
        if (_up)
        {
            await ChildProgram.RunAsync("kube-region", ["down", Folder], cancellationToken: CancellationToken.None);
        }

        _folder.Dispose();
    }
}
