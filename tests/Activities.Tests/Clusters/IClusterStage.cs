using VirtEngine.DR.Activities.Clusters;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Activities.Tests.Clusters;

/// <summary>A cluster that the contract is tried on: two zones with three machines each, a workload <c>fullnode</c> and one that holds a validator. What people and other programs do to it is done here.</summary>
public interface IClusterStage
{
    /// <summary>The port.</summary>
    ICluster Cluster { get; }

    /// <summary>What is in it.</summary>
    ClusterTarget Target { get; }

    /// <summary>A zone.</summary>
    string Zone { get; }

    /// <summary>The key of the next act of a run.</summary>
    StepKey Key(string run = "run-1", string direction = "do");

    /// <summary>A person cordons a machine, or lets it take pods again.</summary>
    Task PersonCordonsAsync(string node, bool cordoned);

    /// <summary>A person scales the full nodes.</summary>
    Task PersonScalesAsync(int to);

    /// <summary>Another program applies a ConfigMap.</summary>
    Task PutConfigAsync(string name, string manager, IReadOnlyDictionary<string, string> data);

    /// <summary>A Service is there; its load balancer has these addresses, or it has none.</summary>
    Task PutServiceAsync(string name, IReadOnlyList<ServiceAddress>? addresses);
}
