using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Tests.Kit;

namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>What of a world an undo must bring back.</summary>
/// <param name="Process">The node's process.</param>
/// <param name="Data">Which data it has.</param>
/// <param name="Home">Its home.</param>
/// <param name="NodeId">Its p2p id.</param>
public sealed record Glance(ProcessState Process, string Data, string Home, string? NodeId)
{
    /// <summary>As it is now.</summary>
    public static Glance At(World world)
    {
        ArgumentNullException.ThrowIfNull(world);
        return new(world.Process, world.Data, world.Home, world.NodeId);
    }
}
