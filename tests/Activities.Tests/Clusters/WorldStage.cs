using VirtEngine.DR.Activities.Clusters;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Tests.Kit;

namespace VirtEngine.DR.Activities.Tests.Clusters;

/// <summary>The cluster in memory.</summary>
internal sealed class WorldStage(ClusterWorld world) : IClusterStage
{
    private readonly WorldCluster _cluster = new(world);
    private int _numbers;

    public ICluster Cluster => _cluster;

    public ClusterTarget Target { get; } = new("us-east-1", new() { Kubeconfig = "/kubeconfig" }, [world.Workloads[0].Spec, world.Workloads[2].Spec]);

    public string Zone => ClusterWorld.Lost;

    public StepKey Key(string run = "run-1", string direction = "do") => new(run, run + "-id", run + "-id", "step", direction, ++_numbers);

    public Task PersonCordonsAsync(string node, bool cordoned)
    {
        ClusterWorld.Machine machine = world.Machines.Single(one => one.Name == node);
        (machine.Cordoned, machine.By) = (cordoned, null);
        return Task.CompletedTask;
    }

    public Task PersonScalesAsync(int to)
    {
        world.Workloads[0].Desired = to;
        return Task.CompletedTask;
    }

    public Task PutConfigAsync(string name, string manager, IReadOnlyDictionary<string, string> data)
    {
        _cluster.Put(name, manager, data);
        return Task.CompletedTask;
    }

    public Task PutServiceAsync(string name, IReadOnlyList<ServiceAddress>? addresses)
    {
        _cluster.Services[name] = addresses;
        return Task.CompletedTask;
    }
}
