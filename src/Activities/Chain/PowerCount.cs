using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Activities.Chain;

/// <summary>Counts who signs, from the commits that one node holds, below its newest: that one is its own view and misses late votes.</summary>
internal sealed class PowerCount(IChainRpc rpc, string chainId)
{
    private const int Commits = 10;

    /// <summary>Counts.</summary>
    /// <exception cref="ChainRpcException">The node does not answer, or is of another chain.</exception>
    public async Task<PowerReport> CountAsync(CancellationToken cancellationToken)
    {
        var unknowns = new List<string>();
        var status = await rpc.StatusAsync(cancellationToken).ConfigureAwait(false);
        if (status.ChainId != chainId)
        {
            throw new ChainRpcException($"{rpc.Url} is of chain '{status.ChainId}', not '{chainId}'", answered: true);
        }

        var newest = status.Height - 1;
        var signers = new HashSet<string>(StringComparer.Ordinal);
        for (var height = newest; height > Math.Max(0, newest - Commits); height--)
        {
            if (await rpc.CommitAsync(height, cancellationToken).ConfigureAwait(false) is not { } commit)
            {
                unknowns.Add($"{rpc.Url} has no commit of height {height}");
                break;
            }

            signers.UnionWith(commit.Signers);
        }

        var validators = await rpc.ValidatorsAsync(Math.Max(1, newest), cancellationToken).ConfigureAwait(false);
        return new(
            DateTimeOffset.UtcNow, newest, validators.Sum(one => one.VotingPower), validators.Where(one => signers.Contains(one.Address)).Sum(one => one.VotingPower),
            [.. validators.Where(one => !signers.Contains(one.Address)).Select(one => new AbsentValidator(one.Address, one.VotingPower))],
            await WindowAsync(unknowns, cancellationToken).ConfigureAwait(false), unknowns);
    }

    private async Task<SigningWindow?> WindowAsync(List<string> unknowns, CancellationToken cancellationToken)
    {
        try
        {
            return SlashingParams.Read(await rpc.QueryAsync(SlashingParams.Path, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is ChainRpcException or FormatException or OverflowException)
        {
            unknowns.Add($"the slashing window: {e.Message}");
            return null;
        }
    }
}
