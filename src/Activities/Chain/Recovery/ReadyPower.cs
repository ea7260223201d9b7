using VirtEngine.DR.Contracts.Recovery;

namespace VirtEngine.DR.Activities.Chain.Recovery;

/// <summary>Which other validators are seen to take part again: by a commit above the height, or by a vote of the round that goes on, each younger than the plan.</summary>
internal sealed class ReadyPower(IChainRpcFactory rpcs, PlanWatch watch)
{
    /// <summary>Commits of the newest blocks, at most.</summary>
    private const int Commits = 20;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Looks once; what was seen before stays.</summary>
    public async Task<PlanProgress> LookAsync(CancellationToken token)
    {
        var problems = new List<string>();
        foreach (var reference in watch.References)
        {
            try
            {
                var rpc = rpcs.Create(new Uri(reference.Url));
                await CommitsAsync(rpc, token).ConfigureAwait(false);
                await VotesAsync(rpc, token).ConfigureAwait(false);
            }
            catch (ChainRpcException e)
            {
                problems.Add($"{reference.Node}: {e.Message}");
            }
        }

        return new(
            DateTimeOffset.UtcNow, [.. _seen.Order(StringComparer.Ordinal)],
            watch.Validators.Where(one => one.Node is null && (_seen.Contains(one.Address) || watch.Said.Contains(one.Address))).Sum(one => one.Power), problems);
    }

    private async Task CommitsAsync(IChainRpc rpc, CancellationToken token)
    {
        var status = await rpc.StatusAsync(token).ConfigureAwait(false);
        if (status.ChainId != watch.ChainId)
        {
            throw new ChainRpcException($"is of chain '{status.ChainId}', not '{watch.ChainId}'", answered: true);
        }

        for (var height = status.Height; status.BlockTime > watch.Since && height > Math.Max(watch.Height, status.Height - Commits); height--)
        {
            // Its own time, not the newest block's: signatures of before the halt prove nothing.
            if (await rpc.HeaderAsync(height, token).ConfigureAwait(false) is not { } header || header.Time <= watch.Since || await rpc.CommitAsync(height, token).ConfigureAwait(false) is not { } commit)
            {
                return;
            }

            _seen.UnionWith(commit.Signers);
        }
    }

    private async Task VotesAsync(IChainRpc rpc, CancellationToken token)
    {
        foreach (var vote in await rpc.RoundVotesAsync(token).ConfigureAwait(false))
        {
            if (vote.Height > watch.Height && vote.At > watch.Since && watch.Validators.Where(one => one.Address.StartsWith(vote.AddressStart, StringComparison.Ordinal)).ToArray() is [var one])
            {
                _seen.Add(one.Address);
            }
        }
    }
}
