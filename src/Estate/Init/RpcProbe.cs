using System.Text.Json;

namespace VirtEngine.DR.Estates.Init;

/// <summary>What a node's RPC answers to <c>/status</c>.</summary>
/// <param name="ChainId">Its chain.</param>
/// <param name="VotingPower">The voting power of its consensus key.</param>
internal sealed record RpcProbe(string? ChainId, long VotingPower)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Null when it does not answer; the node may simply be stopped.</summary>
    public static async Task<RpcProbe?> AskAsync(string rpc, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = JsonDocument.Parse(await client.GetStringAsync(new Uri(rpc.TrimEnd('/') + "/status"), cancellationToken).ConfigureAwait(false));
            var root = answer.RootElement;
            var result = root.TryGetProperty("result", out var inner) ? inner : root;
            var power = result.TryGetProperty("validator_info", out var validator) && validator.TryGetProperty("voting_power", out var p) ? p.ToString() : "0";
            var chain = result.TryGetProperty("node_info", out var node) && node.TryGetProperty("network", out var n) ? n.GetString() : null;
            return new RpcProbe(chain, long.TryParse(power, out var value) ? value : 0);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException
            || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
