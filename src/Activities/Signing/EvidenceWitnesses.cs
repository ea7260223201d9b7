using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>Follows the blocks of several RPCs for evidence against one key, each RPC from where it was left.</summary>
/// <param name="rpcs">The RPCs.</param>
/// <param name="factory">Opens them.</param>
public sealed class EvidenceWitnesses(IReadOnlyList<GateRpc> rpcs, IChainRpcFactory factory)
{
    /// <summary>At the beginning so many blocks back are read.</summary>
    private const int Back = 50;

    /// <summary>At most so many blocks at a time: the next look goes on.</summary>
    private const int AtOnce = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly RpcPanel _panel = new(rpcs, factory, Patience);
    private readonly Dictionary<string, long> _read = new(StringComparer.Ordinal);
    private readonly HashSet<EvidenceSight> _found = [];

    /// <summary>Everything that was found so far.</summary>
    public async Task<IReadOnlyList<EvidenceSight>> LookAsync(SignerName signer, CancellationToken cancellationToken)
    {
        var from = new Dictionary<string, long>(_read, StringComparer.Ordinal);
        foreach (var (source, to, heights) in await _panel.AskAsync<Read>(
            signer,
            async (source, rpc, status, token) =>
            {
                var heights = new List<long>();
                var at = Math.Max(from.GetValueOrDefault(source, status.Height - Back), status.EarliestHeight - 1);
                var to = Math.Min(status.Height, at + AtOnce);
                while (at < to && await rpc.DoubleSignersAsync(at + 1, token).ConfigureAwait(false) is { } signers)
                {
                    at++;
                    if (signers.Contains(signer.Address))
                    {
                        heights.Add(at);
                    }
                }

                return new Read(source, at, heights);
            },
            cancellationToken).ConfigureAwait(false))
        {
            _read[source] = to;
            _found.UnionWith(heights.Select(height => new EvidenceSight(source, height)));
        }

        return [.. _found];
    }

    private sealed record Read(string Source, long To, IReadOnlyList<long> Heights);
}
