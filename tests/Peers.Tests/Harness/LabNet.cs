using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>A real network of chain nodes on loopback.</summary>
public sealed class LabNet : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    private LabNet(string folder, int basePort) => (Folder, BasePort) = (folder, basePort);

    /// <summary>Where the homes are.</summary>
    public string Folder { get; }

    /// <summary>The first port.</summary>
    public int BasePort { get; }

    /// <summary>Makes validators <c>node0…</c> and one full node, and starts the validators.</summary>
    public static async Task<LabNet> StartAsync(string folder, int validators, string fullNode, CancellationToken cancellationToken)
    {
        RequiredProgram.Find("labchaind");
        RequiredProgram.Find("labnet");
        var net = new LabNet(folder, FreePorts.Block(10 * (validators + 1)));
        var fast = new Dictionary<string, string> { ["TIMEOUT_COMMIT"] = "200ms", ["SNAPSHOT_INTERVAL"] = "50", ["PRUNING"] = "default", ["SIGNED_WINDOW"] = "10000", ["REST"] = "true" };
        await ChildProgram.RunAsync("labnet", ["init", folder, $"{validators}", $"{net.BasePort}"], fast, cancellationToken: cancellationToken);
        await ChildProgram.RunAsync("labnet", ["full", folder, fullNode, $"{validators}"], fast, cancellationToken: cancellationToken);
        await RunAsync(["start", folder, .. Enumerable.Range(0, validators).Select(i => $"node{i}")], cancellationToken);
        return net;
    }

    /// <summary>A node's home.</summary>
    public string Home(string node) => Path.Combine(Folder, node);

    /// <summary>The RPC of a port slot.</summary>
    public string Rpc(int slot) => $"http://127.0.0.1:{BasePort + (10 * slot) + 1}";

    /// <summary>The REST of a port slot.</summary>
    public string Rest(int slot) => $"http://127.0.0.1:{BasePort + (10 * slot) + 3}";

    /// <summary>The latest height of an RPC; null when it does not answer.</summary>
    public async Task<long?> HeightAsync(int slot, CancellationToken cancellationToken)
    {
        try
        {
            JsonNode? status = await Http.GetFromJsonAsync<JsonNode>($"{Rpc(slot)}/status", cancellationToken);
            return long.Parse(status!["result"]!["sync_info"]!["latest_block_height"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException)
        {
            return null;
        }
    }

    /// <summary>The app hash in the header at a height.</summary>
    public async Task<string?> AppHashAsync(int slot, long height, CancellationToken cancellationToken)
    {
        JsonNode? block = await Http.GetFromJsonAsync<JsonNode>($"{Rpc(slot)}/block?height={height}", cancellationToken);
        return block?["result"]?["block"]?["header"]?["app_hash"]?.GetValue<string>();
    }

    /// <summary>Waits until a node has reached a height.</summary>
    public Task ReachesAsync(int slot, long height, TimeSpan within, CancellationToken cancellationToken) =>
        Eventually.TrueAsync($"slot {slot} reaches height {height}", within, async () => await HeightAsync(slot, cancellationToken) >= height, cancellationToken);

    /// <summary>A labnet command; its children outlive it, so its output goes nowhere near our pipes.</summary>
    public static Task RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        ChildProgram.RunAsync("sh", ["-c", "exec labnet \"$@\" >/dev/null 2>&1", "labnet", .. arguments], cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await RunAsync(["stop", Folder], CancellationToken.None);
}
