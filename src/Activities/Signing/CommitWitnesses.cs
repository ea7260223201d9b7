using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>Asks RPCs for an address's signature in the commit of a height.</summary>
/// <param name="rpcs">The RPCs.</param>
/// <param name="factory">Opens them.</param>
public sealed class CommitWitnesses(IReadOnlyList<GateRpc> rpcs, IChainRpcFactory factory) : ICommitWitnesses
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CommitSight>> CommitsAsync(SignerName signer, long height, CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(rpcs.Select(rpc => SightAsync(rpc, signer, height, cancellationToken))).ConfigureAwait(false)).OfType<CommitSight>()];

    private async Task<CommitSight?> SightAsync(GateRpc from, SignerName signer, long height, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var rpc = factory.Create(new Uri(from.Url));
            var status = await rpc.StatusAsync(limit.Token).ConfigureAwait(false);
            var commit = status.ChainId == signer.Chain && status.Height >= height ? await rpc.CommitAsync(height, limit.Token).ConfigureAwait(false) : null;
            return commit is null ? null : new CommitSight(from.Source, commit.Round, commit.Signatures.GetValueOrDefault(signer.Address));
        }
        catch (Exception e) when (e is ChainRpcException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // No answer is no sight; the proof counts the sights.
            return null;
        }
    }
}
