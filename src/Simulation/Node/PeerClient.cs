using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VirtEngine.DR.Simulation.Chain;

namespace VirtEngine.DR.Simulation.Node;

/// <summary>Speaks to one peer; remembers what it said last.</summary>
/// <param name="peer">The peer.</param>
/// <param name="ownId">This node's id, which the peer lists as connected.</param>
public sealed class PeerClient(Peer peer, string ownId) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = new Uri($"http://{peer.Host}:{peer.Port}"), Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>The peer.</summary>
    public Peer Peer => peer;

    /// <summary>What it said last, or null when it did not answer.</summary>
    public PeerStatus? Status { get; private set; }

    /// <summary>Asks for its status.</summary>
    public async Task<PeerStatus?> AskAsync(CancellationToken cancellationToken) =>
        Status = await GetAsync("/p2p/status?from=" + ownId, ChainJson.Default.PeerStatus, cancellationToken);

    /// <summary>Blocks from a height on; waits up to a second for the first one. Null when the peer does not answer.</summary>
    public async Task<List<SignedBlock>?> BlocksAsync(long from, CancellationToken cancellationToken)
    {
        var blocks = await GetAsync(
            $"/p2p/blocks?from={ownId}&height={from.ToString(CultureInfo.InvariantCulture)}", ChainJson.Default.ListSignedBlock, cancellationToken);
        if (blocks is null)
        {
            Status = null;
        }

        return blocks;
    }

    /// <summary>Asks a validator to sign a block; null when it does not.</summary>
    public async Task<Vote?> VoteAsync(Block block, CancellationToken cancellationToken)
    {
        try
        {
            using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(block, ChainJson.Default.Block));
            using var reply = await http.PostAsync("/p2p/vote?from=" + ownId, body, cancellationToken);
            return reply.IsSuccessStatusCode ? await reply.Content.ReadFromJsonAsync(ChainJson.Default.Vote, cancellationToken) : null;
        }
        catch (Exception failure) when (Unreachable(failure, cancellationToken))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private static bool Unreachable(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException or System.Net.Sockets.SocketException or JsonException or IOException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private async Task<T?> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await http.GetFromJsonAsync(path, type, cancellationToken);
        }
        catch (Exception failure) when (Unreachable(failure, cancellationToken))
        {
            return null;
        }
    }
}
