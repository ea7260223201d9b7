using System.Globalization;
using System.Text.Json.Nodes;
using VirtEngine.DR.Simulation.Network;

namespace VirtEngine.DR.Starter.Demo;

/// <summary>Looks at a node from outside, as a visitor would: the demo proves with its own eyes, not with the engine's.</summary>
internal sealed class MiniRpc : IDisposable
{
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(2) };

    /// <summary>The latest height; null when the node does not answer.</summary>
    public async Task<long?> HeightAsync(MiniNode node, CancellationToken cancellationToken) =>
        await GetAsync(node, "status", cancellationToken).ConfigureAwait(false) is { } status
            ? long.Parse(status["result"]!["sync_info"]!["latest_block_height"]!.GetValue<string>(), CultureInfo.InvariantCulture)
            : null;

    /// <summary>The app hash in the header of a height; null when the node does not have it.</summary>
    public async Task<string?> AppHashAsync(MiniNode node, long height, CancellationToken cancellationToken) =>
        (await GetAsync(node, "commit?height=" + height.ToString(CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false))
            ?["result"]?["signed_header"]?["header"]?["app_hash"]?.GetValue<string>();

    /// <summary>Waits until the node has reached a height.</summary>
    public async Task<long> ReachesAsync(MiniNode node, long height, TimeSpan within, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(within);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            do
            {
                if (await HeightAsync(node, limit.Token).ConfigureAwait(false) is { } now && now >= height)
                {
                    return now;
                }
            }
            while (await pace.WaitForNextTickAsync(limit.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Said below, with what was awaited.
        }

        throw new TimeoutException($"{node.Name} did not reach height {height} within {within.TotalSeconds:0} s");
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<JsonNode?> GetAsync(MiniNode node, string path, CancellationToken cancellationToken)
    {
        try
        {
            return JsonNode.Parse(await http.GetStringAsync(new Uri(node.Rpc, path), cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
