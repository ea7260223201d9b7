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

    private readonly RpcPanel _panel = new(rpcs, factory, Patience);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RpcSight>> LookAsync(SignerName signer, long above, CancellationToken cancellationToken) => _panel.AskAsync(
        signer,
        async (source, rpc, status, token) =>
        {
            long? last = null;
            foreach (var height in Heights(above, status))
            {
                var commit = await rpc.CommitAsync(height, token).ConfigureAwait(false);
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
            return new RpcSight(source, status.Height, time.GetUtcNow() - status.BlockTime < Recent, last, lowest);
        },
        cancellationToken);

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
