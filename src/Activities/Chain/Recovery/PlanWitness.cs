using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Recovery;

namespace VirtEngine.DR.Activities.Chain.Recovery;

/// <summary>What several RPCs say of the height to go back to. One that contradicts another ends it: a plan for a whole chain stands on no majority of ours.</summary>
internal sealed class PlanWitness(IChainRpcFactory rpcs, PlanQuery query)
{
    /// <summary>Asks everybody.</summary>
    public async Task<PlanFacts> AskAsync(CancellationToken token)
    {
        var said = new List<(string Node, string Hash)>();
        var silent = new List<string>();
        IReadOnlyList<ChainValidator>? validators = null;
        foreach (var reference in query.References)
        {
            var rpc = rpcs.Create(new Uri(reference.Url));
            try
            {
                var status = await rpc.StatusAsync(token).ConfigureAwait(false);
                if (status.ChainId != query.ChainId)
                {
                    silent.Add($"{reference.Node}: is of chain '{status.ChainId}'");
                }
                else if (await HashAsync(rpc, token).ConfigureAwait(false) is { } hash)
                {
                    said.Add((reference.Node, hash));
                    validators ??= await rpc.ValidatorsAsync(Math.Min(query.Height + 1, status.Height), token).ConfigureAwait(false);
                }
                else
                {
                    silent.Add(FormattableString.Invariant($"{reference.Node}: stands at height {status.Height} and does not show the app hash after {query.Height}"));
                }
            }
            catch (ChainRpcException e)
            {
                silent.Add($"{reference.Node}: {e.Message}");
            }
        }

        if (said.Select(one => one.Hash).Distinct(StringComparer.Ordinal).Count() > 1)
        {
            throw Failures.Permanent(ErrorTypes.Untrusted, FormattableString.Invariant($"the app hash after height {query.Height} is not the same everywhere: {string.Join(", ", said.Select(one => $"{one.Node} {one.Hash}"))}; a height below, at which all agree, is a good one"));
        }

        return said.Count > 0 && validators is { Count: > 0 }
            ? new(DateTimeOffset.UtcNow, said[0].Hash, [.. said.Select(one => one.Node)], [.. validators.Select(one => new RecoveryValidator(one.Address, one.VotingPower, null))])
            : throw Failures.Permanent(ErrorTypes.Unavailable, FormattableString.Invariant($"nobody who is not recovered by this run says what the app hash after height {query.Height} is: {string.Join("; ", silent.DefaultIfEmpty("the estate names no other node"))}"));
    }

    private async Task<string?> HashAsync(IChainRpc rpc, CancellationToken token)
    {
        if (await rpc.HeaderAsync(query.Height + 1, token).ConfigureAwait(false) is { } next)
        {
            return next.AppHash;
        }

        var app = await rpc.AppInfoAsync(token).ConfigureAwait(false);
        return app.Height == query.Height && app.AppHash.Length > 0 ? app.AppHash : null;
    }
}
