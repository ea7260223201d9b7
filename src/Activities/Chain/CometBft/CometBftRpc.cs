using System.Globalization;
using System.Text.Json;

namespace VirtEngine.DR.Activities.Chain.CometBft;

/// <summary>CometBFT 0.34 to 0.38 over HTTP GET. 64-bit integers come as strings or numbers, hashes as hex of either case.</summary>
internal sealed class CometBftRpc(HttpClient http, Uri url) : IChainRpc
{
    private const int PageSize = 100;
    private const int MaxPages = 100;

    /// <inheritdoc/>
    public Uri Url { get; } = url;

    /// <inheritdoc/>
    public Task<ChainStatus> StatusAsync(CancellationToken cancellationToken) => AskAsync("status", result =>
    {
        var info = result.GetProperty("node_info");
        var sync = result.GetProperty("sync_info");
        return new ChainStatus(
            Text(info, "network"),
            Text(info, "id").ToLowerInvariant(),
            info.TryGetProperty("version", out var version) ? version.GetString() ?? "" : "",
            Long(sync, "latest_block_height"),
            Time(sync, "latest_block_time"),
            sync.TryGetProperty("earliest_block_height", out _) ? Long(sync, "earliest_block_height") : 0,
            sync.GetProperty("catching_up").GetBoolean(),
            result.TryGetProperty("validator_info", out var validator) && validator.TryGetProperty("voting_power", out _) ? Long(validator, "voting_power") : 0);
    }, cancellationToken);

    /// <inheritdoc/>
    public async Task<ChainHeader?> HeaderAsync(long height, CancellationToken cancellationToken)
    {
        try
        {
            // Every version has /commit; /header came with 0.37.
            return await AskAsync(
                Path("commit", height),
                result => Header(result.GetProperty("signed_header")),
                cancellationToken).ConfigureAwait(false);
        }
        catch (ChainRpcException e) when (IsMissingHeight(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<int> PeersAsync(CancellationToken cancellationToken) =>
        AskAsync("net_info", result => checked((int)Long(result, "n_peers")), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ChainValidator>> ValidatorsAsync(long? height, CancellationToken cancellationToken)
    {
        var all = new List<ChainValidator>();
        var at = height;
        for (var page = 1; page <= MaxPages; page++)
        {
            var query = string.Create(CultureInfo.InvariantCulture, $"validators?page={page}&per_page={PageSize}{(at is { } h ? $"&height={h}" : "")}");
            var (shown, total, found) = await AskAsync(
                query,
                result => (
                    Long(result, "block_height"),
                    Long(result, "total"),
                    result.GetProperty("validators").EnumerateArray()
                        .Select(one => new ChainValidator(Text(one, "address").ToUpperInvariant(), Long(one, "voting_power"))).ToArray()),
                cancellationToken).ConfigureAwait(false);
            all.AddRange(found);
            if (all.Count >= total)
            {
                return all;
            }

            if (found.Length == 0)
            {
                throw new ChainRpcException($"{Url} lists {all.Count} of {total} validators and no more", answered: true);
            }

            // All pages of one height, or the set could change in between.
            at = shown;
        }

        throw new ChainRpcException($"{Url} lists validators without end", answered: true);
    }

    /// <inheritdoc/>
    public async Task<ChainCommit?> CommitAsync(long height, CancellationToken cancellationToken)
    {
        const int VotedForTheBlock = 2;
        const int VotedForNone = 3;
        try
        {
            return await AskAsync(
                Path("commit", height),
                result => new ChainCommit(
                    height,
                    result.GetProperty("canonical").GetBoolean(),
                    Voters(result, VotedForTheBlock))
                {
                    NilVoters = Voters(result, VotedForNone),
                    Round = Commit(result).TryGetProperty("round", out _) ? checked((int)Long(Commit(result), "round")) : 0,
                    Signatures = Signatures(result),
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (ChainRpcException e) when (IsMissingHeight(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>?> DoubleSignersAsync(long height, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync<IReadOnlyList<string>>(
                Path("block", height),
                result =>
                [
                    .. result.GetProperty("block").GetProperty("evidence").GetProperty("evidence").EnumerateArray()
                        .Where(one => Text(one, "type").EndsWith("DuplicateVoteEvidence", StringComparison.Ordinal))
                        .Select(one => Text(one.GetProperty("value").GetProperty("vote_a"), "validator_address").ToUpperInvariant()),
                ],
                cancellationToken).ConfigureAwait(false);
        }
        catch (ChainRpcException e) when (IsMissingHeight(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<AppInfo> AppInfoAsync(CancellationToken cancellationToken) => AskAsync("abci_info", result =>
    {
        var response = result.GetProperty("response");
        return new AppInfo(Long(response, "last_block_height"), Convert.ToHexString(Convert.FromBase64String(Text(response, "last_block_app_hash")))) { Version = Member(response, "version") };
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]> QueryAsync(string path, CancellationToken cancellationToken) => AskAsync($"abci_query?path=%22{path}%22", result =>
    {
        var response = result.GetProperty("response");
        return response.TryGetProperty("code", out _) && Long(response, "code") is not 0 and var code
            ? throw new ChainRpcException($"{Url} refuses the query {path}: {code} {Member(response, "log")}".TrimEnd(), answered: true)
            : Convert.FromBase64String(Member(response, "value"));
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RoundVote>> RoundVotesAsync(CancellationToken cancellationToken) => AskAsync("consensus_state", RoundVotes.Read, cancellationToken);

    private static IReadOnlyList<string> Voters(JsonElement result, int flag) =>
    [
        .. Commit(result).GetProperty("signatures").EnumerateArray()
            .Where(signature => Long(signature, "block_id_flag") == flag)
            .Select(signature => Text(signature, "validator_address").ToUpperInvariant()),
    ];

    private static JsonElement Commit(JsonElement result) => result.GetProperty("signed_header").GetProperty("commit");

    private static Dictionary<string, string> Signatures(JsonElement result)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in Commit(result).GetProperty("signatures").EnumerateArray())
        {
            if (one.TryGetProperty("signature", out var signature) && signature.ValueKind == JsonValueKind.String && Text(one, "validator_address") is { Length: > 0 } address)
            {
                found[address.ToUpperInvariant()] = signature.GetString()!;
            }
        }

        return found;
    }

    private static string Path(string method, long height) => string.Create(CultureInfo.InvariantCulture, $"{method}?height={height}");

    private static ChainHeader Header(JsonElement signed)
    {
        var header = signed.GetProperty("header");
        return new(Long(header, "height"), Time(header, "time"), Text(header, "app_hash").ToUpperInvariant())
        {
            BlockHash = signed.TryGetProperty("commit", out var commit) && commit.TryGetProperty("block_id", out var id) ? Member(id, "hash").ToUpperInvariant() : "",
        };
    }

    private static bool IsMissingHeight(ChainRpcException e) =>
        e.NodeError is { } text
        && (text.Contains("height", StringComparison.OrdinalIgnoreCase) || text.Contains("not found", StringComparison.OrdinalIgnoreCase) || text.Contains("could not find", StringComparison.OrdinalIgnoreCase));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private static DateTimeOffset Time(JsonElement element, string name) =>
        DateTimeOffset.Parse(Text(element, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static long Long(JsonElement element, string name)
    {
        var value = element.GetProperty(name);
        return value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : value.GetInt64();
    }

    private async Task<T> AskAsync<T>(string path, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        var target = new Uri(Url.AbsoluteUri.TrimEnd('/') + "/" + path);
        byte[] body;
        try
        {
            // An error of the node comes as 500 with the same envelope.
            using var response = await http.GetAsync(target, cancellationToken).ConfigureAwait(false);
            body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException)
        {
            throw new ChainRpcException($"{Url} does not answer: {e.Message}", answered: false, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ChainRpcException($"{Url} does not answer within {http.Timeout.TotalSeconds:0.#} s", answered: false, e);
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
            {
                var text = $"{Member(error, "message")} {Member(error, "data")}".Trim();
                throw new ChainRpcException($"{target} answers with an error: {text}", answered: true) { NodeError = text };
            }

            return read(document.RootElement.GetProperty("result"));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new ChainRpcException($"{target} does not answer as CometBFT's RPC does: {e.Message}", answered: true, e);
        }
    }

    private static string Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
