using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>Asks all RPCs of a gate at once. No answer is no sight: whoever asks counts the sights.</summary>
/// <param name="rpcs">The RPCs.</param>
/// <param name="factory">Opens them.</param>
/// <param name="patience">The longest time for one RPC.</param>
internal sealed class RpcPanel(IReadOnlyList<GateRpc> rpcs, IChainRpcFactory factory, TimeSpan patience)
{
    /// <summary>One sight for each RPC of the signer's chain that answers in full.</summary>
    public async Task<IReadOnlyList<T>> AskAsync<T>(SignerName signer, Func<string, IChainRpc, ChainStatus, CancellationToken, Task<T?>> look, CancellationToken cancellationToken)
        where T : class =>
        [.. (await Task.WhenAll(rpcs.Select(rpc => AskAsync(rpc, signer, look, cancellationToken))).ConfigureAwait(false)).OfType<T>()];

    private async Task<T?> AskAsync<T>(GateRpc from, SignerName signer, Func<string, IChainRpc, ChainStatus, CancellationToken, Task<T?>> look, CancellationToken cancellationToken)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            var rpc = factory.Create(new Uri(from.Url));
            var status = await rpc.StatusAsync(limit.Token).ConfigureAwait(false);
            return status.ChainId == signer.Chain ? await look(from.Source, rpc, status, limit.Token).ConfigureAwait(false) : null;
        }
        catch (Exception e) when (e is ChainRpcException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
