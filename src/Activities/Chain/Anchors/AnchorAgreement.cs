using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Activities.Chain.Anchors;

/// <summary>Asks several RPCs for one block's hash, and believes only what enough of them say and none of note denies.</summary>
/// <param name="rpcs">Opens RPCs.</param>
/// <param name="query">Whom to ask, and for what.</param>
internal sealed class AnchorAgreement(IChainRpcFactory rpcs, AnchorQuery query)
{
    /// <summary>The newest block's commit is each node's own view: two below it every one has the same, for good.</summary>
    private const int Settled = 2;

    private readonly List<string> _uncounted = [];

    /// <summary>Asks.</summary>
    public async Task<TrustAnchor> AskAsync(CancellationToken token)
    {
        var counted = await CountedAsync(token).ConfigureAwait(false);
        if (counted.Count < query.AtLeast)
        {
            throw TooFew(counted.Count);
        }

        var height = query.Height ?? counted.Min(one => one.Status.Height) - Settled;
        if (height < 1)
        {
            throw Failures.Transient($"the chain is at height {height + Settled}: too young for a trust anchor");
        }

        var votes = new List<AnchorVote>();
        foreach (var (endpoint, rpc, _) in counted)
        {
            try
            {
                if (await rpc.HeaderAsync(height, token).ConfigureAwait(false) is { BlockHash.Length: > 0 } header)
                {
                    votes.Add(new(endpoint.Node, header.BlockHash, header.Time));
                }
                else
                {
                    _uncounted.Add($"{endpoint.Node} does not have block {height} any more");
                }
            }
            catch (ChainRpcException e)
            {
                _uncounted.Add($"{endpoint.Node}: {e.Message}");
            }
        }

        if (votes.Count < query.AtLeast)
        {
            throw TooFew(votes.Count);
        }

        return Decide(query, height, votes, _uncounted, DateTimeOffset.UtcNow);
    }

    /// <summary>At least as many as asked for, and more than two thirds of all who answered, say the same.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">Untrusted: they contradict each other; the message says who says what.</exception>
    internal static TrustAnchor Decide(AnchorQuery query, long height, IReadOnlyList<AnchorVote> votes, IReadOnlyList<string> uncounted, DateTimeOffset now)
    {
        var camps = votes.GroupBy(vote => (vote.Hash, vote.Time)).OrderByDescending(camp => camp.Count()).ThenBy(camp => camp.Key.Hash, StringComparer.Ordinal).ToArray();
        var most = camps[0];
        if (most.Count() < query.AtLeast || most.Count() * 3 <= votes.Count * 2)
        {
            var says = string.Join("; ", camps.Select(camp => $"{string.Join(", ", camp.Select(vote => vote.Node))}: {camp.Key.Hash}"));
            throw Failures.Permanent(ErrorTypes.Untrusted, $"the RPCs contradict each other about block {height}: {says}. Nothing is trusted; find out which of them is on another chain or lies");
        }

        return new TrustAnchor
        {
            ChainId = query.ChainId,
            Height = height,
            Hash = most.Key.Hash,
            BlockTime = most.Key.Time,
            At = now,
            Agreed = [.. most.Select(vote => vote.Node)],
            Disagree = [.. camps.Skip(1).SelectMany(camp => camp).Select(vote => $"{vote.Node} says {vote.Hash} at {vote.Time:u}")],
            Uncounted = [.. uncounted],
        };
    }

    private async Task<List<(RpcEndpoint Endpoint, IChainRpc Rpc, ChainStatus Status)>> CountedAsync(CancellationToken token)
    {
        var asked = await Task.WhenAll(query.References.Select(async endpoint =>
        {
            var rpc = rpcs.Create(new Uri(endpoint.Url));
            try
            {
                return (Endpoint: endpoint, Rpc: rpc, Status: await rpc.StatusAsync(token).ConfigureAwait(false), Problem: (string?)null);
            }
            catch (ChainRpcException e)
            {
                return (Endpoint: endpoint, Rpc: rpc, Status: (ChainStatus?)null, Problem: e.Message);
            }
        })).ConfigureAwait(false);
        var counted = new List<(RpcEndpoint, IChainRpc, ChainStatus)>();
        var top = asked.Where(one => one.Status?.ChainId == query.ChainId).Select(one => one.Status!.Height).DefaultIfEmpty().Max();
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (endpoint, rpc, status, problem) in asked)
        {
            var why = status is null ? problem
                : status.ChainId != query.ChainId ? $"is of chain '{status.ChainId}', not '{query.ChainId}'"
                : top - status.Height > query.MaxLagBlocks ? $"is {top - status.Height} blocks behind, allowed are {query.MaxLagBlocks}"
                : known.TryGetValue(status.NodeId, out var twin) ? $"is the same node as {twin}"
                : null;
            if (why is null)
            {
                known.Add(status!.NodeId, endpoint.Node);
                counted.Add((endpoint, rpc, status));
            }
            else
            {
                _uncounted.Add($"{endpoint.Node}: {why}");
            }
        }

        return counted;
    }

    private Temporalio.Exceptions.ApplicationFailureException TooFew(int count) => Failures.Transient(
        $"{count} of {query.References.Count} RPCs can be counted and {query.AtLeast} are needed for a trust anchor: {string.Join("; ", _uncounted.DefaultIfEmpty("the estate names no more"))}");
}
