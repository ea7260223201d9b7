using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Activities.Chain;

/// <summary>
/// Lays several nodes' states side by side, at equal heights only. It judges nothing: who of them is right is decided from what it says.
/// </summary>
internal sealed class StateComparer(IChainRpcFactory rpcs, StateQuery query)
{
    /// <summary>How many heights are asked for at most, beside those of the search for the height at which blocks part.</summary>
    private const int MostHeights = 24;

    private readonly SortedDictionary<long, HeightSight> _heights = [];
    private Dictionary<string, IChainRpc> _rpcs = [];

    /// <summary>Asks everybody.</summary>
    public async Task<StateComparison> CompareAsync(CancellationToken token)
    {
        _rpcs = query.Nodes.DistinctBy(node => node.Node).ToDictionary(node => node.Node, node => rpcs.Create(new Uri(node.Url)), StringComparer.Ordinal);
        var nodes = await Task.WhenAll(_rpcs.Select(node => LookAsync(node.Key, node.Value, token))).ConfigureAwait(false);
        var there = nodes.Where(node => node.Problem is null).ToArray();
        foreach (var height in Heights(there))
        {
            await SightAsync(height, token).ConfigureAwait(false);
        }

        if (there.FirstOrDefault(node => node.Node == query.Subject) is { } subject)
        {
            await PartAsync(subject, there, token).ConfigureAwait(false);
        }

        return new(DateTimeOffset.UtcNow, nodes, [.. _heights.Values]);
    }

    /// <summary>Where each node is, the heights after what their applications have come to, and those that were asked for.</summary>
    private IEnumerable<long> Heights(NodeSight[] there) =>
        there.SelectMany(node => new[] { node.Height, node.AppHeight, node.AppHeight + 1 })
            .Concat(there.Length == 0 ? [] : [there.Min(node => node.Height)])
            .Concat(query.Heights)
            .Where(height => height > 0)
            .Distinct()
            .OrderDescending()
            .Take(MostHeights);

    private async Task<NodeSight> LookAsync(string node, IChainRpc rpc, CancellationToken token)
    {
        try
        {
            var status = await rpc.StatusAsync(token).ConfigureAwait(false);
            if (status.ChainId != query.ChainId)
            {
                return Unseen(node, $"is of chain '{status.ChainId}', not '{query.ChainId}'");
            }

            var app = await rpc.AppInfoAsync(token).ConfigureAwait(false);
            return new(node, null, status.NodeId, status.Height, status.BlockTime, status.EarliestHeight, app.Height, app.AppHash, app.Version);
        }
        catch (ChainRpcException e)
        {
            return Unseen(node, e.Message);
        }
    }

    private async Task<HeightSight> SightAsync(long height, CancellationToken token)
    {
        if (_heights.TryGetValue(height, out var known))
        {
            return known;
        }

        var blocks = await Task.WhenAll(_rpcs.Select(async node =>
        {
            try
            {
                return await node.Value.HeaderAsync(height, token).ConfigureAwait(false) is { } header ? new BlockSight(node.Key, header.AppHash, header.BlockHash) : null;
            }
            catch (ChainRpcException)
            {
                // That it does not answer stands with the node already; here it only has no block to show.
                return null;
            }
        })).ConfigureAwait(false);
        return _heights[height] = new(height, [.. blocks.OfType<BlockSight>()]);
    }

    /// <summary>Where the subject's block is not the others' at a height that both have: halves the way down to the last height at which it is.</summary>
    private async Task PartAsync(NodeSight subject, NodeSight[] there, CancellationToken token)
    {
        var others = there.Where(node => node.Node != subject.Node && node.Id != subject.Id).ToArray();
        if (others.Length == 0)
        {
            return;
        }

        var top = Math.Min(subject.Height, others.Max(node => node.Height));
        var bottom = Math.Max(subject.Earliest, others.Min(node => node.Earliest));
        if (top < bottom || !Parts(await SightAsync(top, token).ConfigureAwait(false), subject.Node))
        {
            return;
        }

        // Below the first height that differs all are equal: a block names the one before it.
        while (bottom < top)
        {
            var middle = bottom + ((top - bottom) / 2);
            if (Parts(await SightAsync(middle, token).ConfigureAwait(false), subject.Node))
            {
                top = middle;
            }
            else
            {
                bottom = middle + 1;
            }
        }

        await SightAsync(top - 1, token).ConfigureAwait(false);
    }

    private static bool Parts(HeightSight sight, string subject) =>
        sight.Blocks.FirstOrDefault(block => block.Node == subject) is { } own
        && sight.Blocks.Where(block => block.Node != subject).GroupBy(block => block.Hash).MaxBy(camp => camp.Count()) is { } most
        && most.Key != own.Hash;

    private static NodeSight Unseen(string node, string problem) => new(node, problem, "", 0, null, 0, 0, "", "");
}
