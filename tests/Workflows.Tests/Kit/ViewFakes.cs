using Temporalio.Activities;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Observe;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>The looks that a node's worker takes, at its own node or at another.</summary>
/// <param name="world">The world.</param>
/// <param name="from">The worker's node.</param>
public sealed class ViewFakes(World world, string from)
{
    [Activity("chain.health")]
    public Task<HealthReport> HealthAsync(HealthQuery query) => world.Faults.RunAsync("chain.health:" + from, () => Look.At(world, 0, from));

    [Activity("probe.look")]
    public Task<HealthReport> LookAsync(ProbeQuery query) => world.Faults.RunAsync("probe.look:" + from, () => Look.At(world, 0, from));
}
