using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>Asks RPCs for the signatures of an address: right above a height, where an old HRS file shows itself, and at the tip, where another signer does.</summary>
/// <param name="rpcs">The RPCs.</param>
/// <param name="factory">Opens them.</param>
/// <param name="time">The clock.</param>
public sealed class ChainWitnesses(IReadOnlyList<GateRpc> rpcs, IChainRpcFactory factory, TimeProvider time) : IChainWitnesses
{
    /// <summary>How many commits at each end are looked at; a validator that signs is in nearly every one.</summary>
    private const int Window = 50;

    /// <summary>A block is recent.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(1);

    /// <summary>The longest time for one RPC.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RpcSight>> LookAsync(SignerName signer, long above, CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(rpcs.Select(rpc => SightAsync(rpc, signer, above, cancellationToken))).ConfigureAwait(false)).OfType<RpcSight>()];

    private async Task<RpcSight?> SightAsync(GateRpc from, SignerName signer, long above, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var rpc = factory.Create(new Uri(from.Url));
            var status = await rpc.StatusAsync(limit.Token).ConfigureAwait(false);
            if (status.ChainId != signer.Chain)
            {
                return null;
            }

            long? last = null;
            foreach (var height in Heights(above, status))
            {
                var commit = await rpc.CommitAsync(height, limit.Token).ConfigureAwait(false);
                if (commit is null)
                {
                    return null;
                }

                if (commit.Signers.Contains(signer.Address) || commit.NilVoters.Contains(signer.Address))
                {
                    last = height;
                }
            }

            var lowest = Math.Max(above + 1, status.EarliestHeight);
            return new RpcSight(from.Source, status.Height, time.GetUtcNow() - status.BlockTime < Recent, last, lowest);
        }
        catch (Exception e) when (e is ChainRpcException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // No answer is no sight; the rules count the sights.
            return null;
        }
    }

    /// <summary>Downwards from the tip is not enough and everything is too much: both ends, in order.</summary>
    private static IEnumerable<long> Heights(long above, ChainStatus status)
    {
        var first = Math.Max(Math.Max(above + 1, status.EarliestHeight), 1);
        for (var height = first; height <= status.Height; height++)
        {
            if (height < first + Window || height > status.Height - Window)
            {
                yield return height;
            }
            else
            {
                height = status.Height - Window;
            }
        }
    }
}
