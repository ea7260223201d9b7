using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>The chain as the nodes other than the one in doubt show it. What most of those who have a height say counts; where no majority says the same, nothing does.</summary>
public sealed class ChainView
{
    private readonly StateComparison seen;
    private readonly NodeSight[] others;

    /// <summary>Two names of one node count once, and the subject's own never.</summary>
    /// <param name="seen">What the nodes said.</param>
    /// <param name="subject">The node in doubt.</param>
    /// <param name="doubted">Others that are in doubt too: what they say does not count.</param>
    public ChainView(StateComparison seen, string subject, IReadOnlyCollection<string>? doubted = null)
    {
        ArgumentNullException.ThrowIfNull(seen);
        this.seen = seen;
        bool InDoubt(NodeSight node) => node.Node == subject || doubted?.Contains(node.Node) == true;
        var own = seen.Nodes.Where(node => InDoubt(node) && node.Problem is null).Select(node => node.Id).ToArray();
        others = [.. seen.Nodes.Where(node => node.Problem is null && !InDoubt(node) && !own.Contains(node.Id)).DistinctBy(node => node.Id)];
        Silence = others.Length == 0
            ? "no other node answered" + string.Concat(seen.Nodes.Where(node => node.Problem is not null && !InDoubt(node)).Select(node => $"; {node.Node}: {node.Problem}"))
            : "they have no block there, or contradict each other";
    }

    /// <summary>Who answered.</summary>
    public IReadOnlyList<NodeSight> Others => others;

    /// <summary>Why nothing is known where nothing is.</summary>
    public string Silence { get; }

    /// <summary>The newest block of all.</summary>
    public long Tip => others.Select(node => node.Height).DefaultIfEmpty().Max();

    /// <summary>Somebody's newest block is young enough: the chain goes on. Null where nobody answered.</summary>
    public bool? Advances(TimeSpan maxBlockAge) => others.Length == 0 ? null : others.Any(node => node.BlockTime is { } time && seen.At - time <= maxBlockAge);

    /// <summary>The version that most applications say they are; null where they say none or no majority the same.</summary>
    public string? Version => Most(others.Where(node => node.Version.Length > 0).Select(node => (node.Node, node.Version))).Value;

    /// <summary>The app hash after a height: the next block's header has it, else the applications that stand there.</summary>
    public (string? Hash, string Who) AppHashAfter(long height)
    {
        var header = Most(Blocks(height + 1).Select(block => (block.Node, block.AppHash)));
        return header.Value is not null ? header : Most(others.Where(node => node.AppHeight == height && node.AppHash.Length > 0).Select(node => (node.Node, node.AppHash)));
    }

    /// <summary>The block's hash.</summary>
    public (string? Hash, string Who) BlockHash(long height) => Most(Blocks(height).Where(block => block.Hash.Length > 0).Select(block => (block.Node, block.Hash)));

    /// <summary>Others whose own state is not what most say, and how; a run of its own is for each of them.</summary>
    public IReadOnlyList<string> Deviants() =>
    [
        .. others.Where(node => AppHashAfter(node.AppHeight) is { Hash: { } hash } && hash != node.AppHash)
            .Select(node => FormattableString.Invariant($"{node.Node}: its app hash after height {node.AppHeight} is not the others'")),
    ];

    /// <summary>Heights at which the others contradict each other and no majority decides.</summary>
    public IReadOnlyList<long> Splits() =>
    [
        .. new SortedSet<long>(seen.Heights.Select(sight => sight.Height)
            .Where(height => Blocks(height) is { Count: > 1 } blocks && Most(blocks.Select(block => (block.Node, block.AppHash + block.Hash))).Value is null)
            .Concat(others.GroupBy(node => node.AppHeight).Where(camp => camp.Select(node => node.AppHash).Distinct().Count() > 1 && AppHashAfter(camp.Key).Hash is null).Select(camp => camp.Key))),
    ];

    private List<BlockSight> Blocks(long height) =>
        [.. seen.Heights.Where(sight => sight.Height == height).SelectMany(sight => sight.Blocks).Where(block => others.Any(node => node.Node == block.Node))];

    private static (string? Value, string Who) Most(IEnumerable<(string Node, string Value)> says)
    {
        var all = says.ToArray();
        var most = all.GroupBy(one => one.Value, StringComparer.Ordinal).OrderByDescending(camp => camp.Count()).ThenBy(camp => camp.Key, StringComparer.Ordinal).FirstOrDefault();
        return most is not null && most.Count() * 2 > all.Length ? (most.Key, string.Join(", ", most.Select(one => one.Node))) : (null, "");
    }
}
