using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>Asks RPCs for an address's signature in the commit of a height.</summary>
/// <param name="rpcs">The RPCs.</param>
/// <param name="factory">Opens them.</param>
public sealed class CommitWitnesses(IReadOnlyList<GateRpc> rpcs, IChainRpcFactory factory) : ICommitWitnesses
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly RpcPanel _panel = new(rpcs, factory, Patience);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CommitSight>> CommitsAsync(SignerName signer, long height, CancellationToken cancellationToken) => _panel.AskAsync(
        signer,
        async (source, rpc, status, token) => status.Height >= height && await rpc.CommitAsync(height, token).ConfigureAwait(false) is { } commit
            ? new CommitSight(source, commit.Round, commit.Signatures.GetValueOrDefault(signer.Address))
            : null,
        cancellationToken);
}
