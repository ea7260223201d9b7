using System.Globalization;
using System.Text.Json;
using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Observe;

namespace VirtEngine.DR.Activities.Observe;

/// <summary>An API gateway is healthy when the newest block that it serves is recent and the chain's: a cache or a stuck node behind it answers 200 too.</summary>
/// <param name="rpcs">Asks the references.</param>
/// <param name="query">Whom.</param>
/// <param name="verdict">Collects the checks.</param>
/// <param name="ask">Asks the gateway.</param>
internal sealed class GatewayHealth(IChainRpcFactory rpcs, ProbeQuery query, HealthVerdict verdict, Func<Uri, int, CancellationToken, Task<ProbeAnswer?>> ask)
{
    /// <summary>Where the REST of the Cosmos SDK has the newest block.</summary>
    internal const string NewestBlock = "/cosmos/base/tendermint/v1beta1/blocks/latest";

    private string Time => query.Probe.Field ?? "block.header.time";

    private string Header => Time.Contains('.', StringComparison.Ordinal) ? Time[..Time.LastIndexOf('.')] + "." : "";

    /// <summary>Makes all checks.</summary>
    public async Task<HealthReport> CheckAsync(CancellationToken token)
    {
        var references = ReferencesAsync(token);
        var url = new Uri(query.Probe.Url);
        var answer = await ask(url.AbsolutePath == "/" && url.Query.Length == 0 ? new Uri(url, NewestBlock) : url, query.Probe.Status, token).ConfigureAwait(false);
        var others = await references.ConfigureAwait(false);
        if (answer is null)
        {
            return verdict.Report();
        }

        try
        {
            ComponentHealth.CheckAge(
                verdict, JsonField.Time(JsonField.Read(answer.Body, Time)), query.Probe.MaxAge ?? query.MaxBlockAge, "its newest block", HealthFindings.OldBlock, "without " + Time);
            if (JsonField.Read(answer.Body, Header + "chain_id") is { } chain)
            {
                verdict.Judge(chain == query.ChainId, $"it is of chain {chain}", $"it is of chain '{chain}', not '{query.ChainId}'", HealthFindings.WrongChain);
            }

            if (!long.TryParse(JsonField.Read(answer.Body, Header + "height"), NumberStyles.None, CultureInfo.InvariantCulture, out var height))
            {
                verdict.Note(Health.Unhealthy, $"its answer has no field {Header}height", HealthFindings.BadAnswer);
                return verdict.Report();
            }

            return await CompareAsync(height, Hash(answer), others, token).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            verdict.Note(Health.Unhealthy, "it does not answer with JSON", HealthFindings.BadAnswer);
            return verdict.Report();
        }
    }

    private static string? Hash(ProbeAnswer answer)
    {
        var bytes = new byte[32];
        return JsonField.Read(answer.Body, "block_id.hash") is { } text && Convert.TryFromBase64String(text, bytes, out var length) && length == bytes.Length ? Convert.ToHexString(bytes) : null;
    }

    private async Task<HealthReport> CompareAsync(long height, string? hash, List<(string Node, IChainRpc Rpc, ChainStatus Status)> others, CancellationToken token)
    {
        if (others.Count == 0)
        {
            return verdict.Report(height);
        }

        var top = others.Max(one => one.Status.Height);
        var lag = top - height;
        verdict.Judge(
            lag <= query.MaxLagBlocks, $"it is {Math.Max(0, lag)} blocks behind {top}", $"it is {lag} blocks behind {top}, allowed are {query.MaxLagBlocks}", HealthFindings.Behind);
        foreach (var (node, rpc, _) in hash is null ? [] : others.Where(one => one.Status.Height >= height))
        {
            if (await HeaderAsync(rpc, height, token).ConfigureAwait(false) is { BlockHash.Length: > 0 } header)
            {
                verdict.Judge(
                    header.BlockHash == hash, $"its block {height} is that of {node}", $"its block {height} is {hash}, that of {node} is {header.BlockHash}", HealthFindings.WrongChain);
                break;
            }
        }

        return verdict.Report(height, top);
    }

    private static async Task<ChainHeader?> HeaderAsync(IChainRpc rpc, long height, CancellationToken token)
    {
        try
        {
            return await rpc.HeaderAsync(height, token).ConfigureAwait(false);
        }
        catch (ChainRpcException)
        {
            // Another one may have the block.
            return null;
        }
    }

    private async Task<List<(string Node, IChainRpc Rpc, ChainStatus Status)>> ReferencesAsync(CancellationToken token)
    {
        var asked = await Task.WhenAll(query.References.Select(async endpoint =>
        {
            var rpc = rpcs.Create(new Uri(endpoint.Url));
            try
            {
                return (endpoint.Node, Rpc: rpc, Status: await rpc.StatusAsync(token).ConfigureAwait(false), Problem: "");
            }
            catch (ChainRpcException e)
            {
                return (endpoint.Node, Rpc: rpc, Status: (ChainStatus?)null, Problem: e.Message);
            }
        })).ConfigureAwait(false);
        var good = new List<(string, IChainRpc, ChainStatus)>();
        foreach (var (node, rpc, status, problem) in asked)
        {
            if (status?.ChainId == query.ChainId)
            {
                good.Add((node, rpc, status));
            }
            else
            {
                verdict.Remark($"reference {node}: {(status is null ? problem : $"is of chain '{status.ChainId}' and does not count")}");
            }
        }

        if (good.Count == 0)
        {
            verdict.Note(Health.Unknown, "no independent reference answers", HealthFindings.NoReference);
        }
        else if (good.TrueForAll(one => DateTimeOffset.UtcNow - one.Item3.BlockTime > query.MaxBlockAge))
        {
            verdict.Remark($"the newest block of every reference is older than {query.MaxBlockAge.TotalSeconds:0} s: the chain stands", HealthFindings.ChainStands);
        }

        return good;
    }
}
