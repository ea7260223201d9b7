using VirtEngine.DR.Tests.Kit;

namespace VirtEngine.DR.Activities.Tests.Clusters;

/// <summary>The contract on the cluster in memory that the workflows' tests and the seeds run on.</summary>
public sealed class SimulatedClusterTests : ClusterObjectContract
{
    protected override Task<IClusterStage> MakeAsync(int full = 4, int? keep = null)
    {
        var world = new ClusterWorld { Held = keep >= full ? int.MaxValue : 0 };
        world.Workloads[0].Desired = full;
        return Task.FromResult<IClusterStage>(new WorldStage(world));
    }
}
