using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>The world as somebody sees it from outside, or from a node's host.</summary>
public static class Look
{
    /// <summary>What is seen.</summary>
    /// <param name="world">The world.</param>
    /// <param name="atLeast">The height that is asked for.</param>
    /// <param name="from">The node from whose host it is looked at; null: a control worker.</param>
    public static HealthReport At(World world, long atLeast, string? from = null)
    {
        ArgumentNullException.ThrowIfNull(world);
        if (world.CutFrom.Contains(from ?? "control"))
        {
            return new(world.Time.GetUtcNow(), Health.Unknown, null, null, null, null, null, ["it does not answer"]) { Findings = [HealthFindings.Silent] };
        }

        var good = world is { Healthy: true, Process: ProcessState.Running } && !(world.Probed && world.Home == "lost")
            && (world.Data switch { "backup" => true, "synced" => world.Sync.Synced, _ => world.FormerIsWhole });
        return new(
            world.Time.GetUtcNow(), good ? Health.Healthy : Health.Unhealthy, world.ChainHeight, world.ChainHeight, 3, atLeast, "AB",
            [$"process {world.Process}, data {world.Data}"])
        {
            Findings = good ? [] : world.Process == ProcessState.Running ? world.Findings : [HealthFindings.Silent],
        };
    }
}
