using System.Collections.Concurrent;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>What of the node's state is wrong, and what RB-DR-004 made of it. The hash after a height is <c>G</c> and the height where it is right, <c>B</c> where it is not.</summary>
public sealed class CorruptWorld
{
    /// <summary>The height of the node's state while it is stopped.</summary>
    public long StateHeight { get; set; } = 1200;

    /// <summary>The last height whose state is right; above it nothing is.</summary>
    public long GoodHeight { get; set; } = long.MaxValue;

    /// <summary>The last height whose block is the chain's.</summary>
    public long GoodBlocks { get; set; } = long.MaxValue;

    /// <summary>The block store has one more block than the state executed.</summary>
    public bool BlockAhead { get; set; }

    /// <summary>Executed again, the undone heights come out right.</summary>
    public bool Mends { get; set; } = true;

    /// <summary>What a check of the databases finds.</summary>
    public IReadOnlyList<StoreFinding> Torn { get; set; } = [];

    /// <summary>The stores cannot be read.</summary>
    public string? Unreadable { get; set; }

    /// <summary>The other nodes' newest block is too old.</summary>
    public bool ChainStands { get; set; }

    /// <summary>The other nodes contradict each other.</summary>
    public bool Split { get; set; }

    /// <summary>Another node whose state is wrong too.</summary>
    public string? Deviant { get; set; }

    /// <summary>The others' version, and this node's.</summary>
    public (string Others, string Own) Versions { get; set; } = ("v1", "v1");

    /// <summary>Files of the configuration that are not the backup's.</summary>
    public IReadOnlyList<ConfigurationDifference> Differences { get; set; } = [];

    /// <summary><c>former</c> or <c>replaced</c>.</summary>
    public string Configuration { get; set; } = "former";

    /// <summary>The forensic bucket is write-once.</summary>
    public bool WriteOnce { get; set; } = true;

    /// <summary>Runs that have a copy, by first run id.</summary>
    public ConcurrentDictionary<string, bool> Copies { get; } = new();

    /// <summary>Heights undone, by the run's first run id.</summary>
    public ConcurrentQueue<(string Run, RolledBack Height)> Rolled { get; } = new();

    /// <summary>The hash after a height as the chain has it.</summary>
    public static string Good(long height) => FormattableString.Invariant($"G{height}");

    /// <summary>The hash after a height as this node has it.</summary>
    public string Own(long height) => height > GoodHeight ? FormattableString.Invariant($"B{height}") : Good(height);

    /// <summary>What a start on these data brings about.</summary>
    public void Started(World world)
    {
        if (Configuration == "replaced" && Mends)
        {
            world.FormerIsWhole = true;
        }

        if (Rolled.IsEmpty || !Mends || StateHeight > GoodHeight || StateHeight > GoodBlocks)
        {
            return;
        }

        (GoodHeight, GoodBlocks, StateHeight) = (long.MaxValue, long.MaxValue, world.ChainHeight);
        (world.FormerIsWhole, world.Symptoms) = (true, []);
    }

    /// <summary>The comparison as a control worker makes it.</summary>
    public StateComparison Compare(World world, StateQuery query)
    {
        var now = world.Time.GetUtcNow();
        var whole = world.Data != "former";
        var state = whole ? world.ChainHeight : StateHeight;
        var time = ChainStands ? now - TimeSpan.FromHours(1) : now;
        var sights = query.Nodes.Select(node =>
            node.Node == world.Node
                ? world.Process == ProcessState.Running
                    ? new NodeSight(node.Node, null, "own", state, now, 1, state, whole ? Good(state) : Own(state), Versions.Own)
                    : new NodeSight(node.Node, "does not answer", "", 0, null, 0, 0, "", "")
                : new NodeSight(node.Node, null, "id-" + node.Node, world.ChainHeight + 1, time, 1, world.ChainHeight, node.Node == Deviant ? "B" + world.ChainHeight : Good(world.ChainHeight), Versions.Others)).ToArray();
        var heights = query.Heights.Concat(sights.Where(sight => sight.Problem is null).SelectMany(sight => new[] { sight.Height, sight.AppHeight + 1 })).Append(GoodBlocks == long.MaxValue ? 0 : GoodBlocks + 1).Where(height => height > 0).Distinct().Order();
        return new(now, sights, [.. heights.Select(height => new HeightSight(height, [.. sights.Where(sight => sight.Problem is null && sight.Height >= height).Select((sight, i) => Block(world, sight.Node, height, i))]))]);
    }

    private BlockSight Block(World world, string node, long height, int index)
    {
        var forked = node == world.Node && world.Data == "former" && height > GoodBlocks;
        var says = Split && node != world.Node ? index.ToString(System.Globalization.CultureInfo.InvariantCulture) : "";
        return new(node, Good(height - 1) + says, (forked ? "F" : "H") + height.ToString(System.Globalization.CultureInfo.InvariantCulture) + says);
    }
}
