using System.Globalization;
using System.Net;
using System.Text.Json;
using VirtEngine.DR.Simulation.Network;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Simulation.Tests.Support;

/// <summary>Asks a node's RPC.</summary>
internal sealed class RpcClient(MiniNode node) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = node.Rpc, Timeout = TimeSpan.FromSeconds(10) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The whole answer and its status.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(string path)
    {
        using var reply = await http.GetAsync(path, Token);
        using var json = JsonDocument.Parse(await reply.Content.ReadAsStringAsync(Token));
        return (reply.StatusCode, json.RootElement.Clone());
    }

    /// <summary>The result; fails on an error.</summary>
    public async Task<JsonElement> GetAsync(string path) => (await AskAsync(path)).Body.GetProperty("result");

    /// <summary>Posts a JSON-RPC request.</summary>
    public async Task<JsonElement> PostAsync(string body)
    {
        using var content = new StringContent(body);
        using var reply = await http.PostAsync("/", content, Token);
        using var json = JsonDocument.Parse(await reply.Content.ReadAsStringAsync(Token));
        return json.RootElement.Clone();
    }

    /// <summary>The newest height; -1 when the node does not answer.</summary>
    public async Task<long> HeightAsync()
    {
        try
        {
            var text = (await GetAsync("status")).GetProperty("sync_info").GetProperty("latest_block_height").GetString()!;
            return long.Parse(text, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException)
        {
            return -1;
        }
    }

    /// <summary>Waits for a height.</summary>
    public Task ReachesAsync(long height) => Eventually.TrueAsync(async () => await HeightAsync() >= height, $"{node.Name} reaches {height}", 60);

    /// <summary>The app hash in a header.</summary>
    public async Task<string> AppHashAsync(long height) =>
        (await GetAsync($"block?height={height}")).GetProperty("block").GetProperty("header").GetProperty("app_hash").GetString()!;

    public void Dispose() => http.Dispose();
}
