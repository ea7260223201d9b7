using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>A real network of chain nodes on loopback.</summary>
public sealed class LabNet : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    private readonly List<JsonNode> _evidence = [];
    private long _looked;

    private LabNet(string folder, int basePort) => (Folder, BasePort) = (folder, basePort);

    /// <summary>Where the homes are.</summary>
    public string Folder { get; }

    /// <summary>The first port.</summary>
    public int BasePort { get; }

    /// <summary>Makes validators <c>node0…</c> and one full node, and starts the validators.</summary>
    public static Task<LabNet> StartAsync(string folder, int validators, string fullNode, CancellationToken cancellationToken) =>
        StartAsync(folder, validators, fullNode, "200ms", _ => Task.CompletedTask, cancellationToken);

    /// <summary>Makes validators <c>node0…</c> and one full node, if any, and starts the validators when they are prepared.</summary>
    public static async Task<LabNet> StartAsync(
        string folder, int validators, string? fullNode, string timeoutCommit, Func<LabNet, Task> prepare, CancellationToken cancellationToken)
    {
        RequiredProgram.Find("labchaind");
        RequiredProgram.Find("labnet");
        var net = new LabNet(folder, FreePorts.Block(10 * (validators + 2)));
        var fast = new Dictionary<string, string> { ["TIMEOUT_COMMIT"] = timeoutCommit, ["SNAPSHOT_INTERVAL"] = "50", ["PRUNING"] = "default", ["SIGNED_WINDOW"] = "10000", ["REST"] = "true" };
        await ChildProgram.RunAsync("labnet", ["init", folder, $"{validators}", $"{net.BasePort}"], fast, cancellationToken: cancellationToken);
        if (fullNode is not null)
        {
            await ChildProgram.RunAsync("labnet", ["full", folder, fullNode, $"{validators}"], fast, cancellationToken: cancellationToken);
        }

        await prepare(net);
        await RunAsync(["start", folder, .. Enumerable.Range(0, validators).Select(i => $"node{i}")], cancellationToken);
        return net;
    }

    /// <summary>A node's home.</summary>
    public string Home(string node) => Path.Combine(Folder, node);

    /// <summary>The RPC of a port slot.</summary>
    public string Rpc(int slot) => $"http://127.0.0.1:{BasePort + (10 * slot) + 1}";

    /// <summary>The p2p address of a port slot.</summary>
    public Uri P2p(int slot) => new($"tcp://127.0.0.1:{BasePort + (10 * slot)}");

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

    /// <summary>How many peers a node has; null when its RPC does not answer.</summary>
    public async Task<int?> PeersAsync(int slot, CancellationToken cancellationToken)
    {
        try
        {
            JsonNode? net = await Http.GetFromJsonAsync<JsonNode>($"{Rpc(slot)}/net_info", cancellationToken);
            return int.Parse(net!["result"]!["n_peers"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException)
        {
            return null;
        }
    }

    /// <summary>Whether one of the newest commits that a node has, below its own view of the tip, holds a validator's signature.</summary>
    public async Task<bool> SignsAsync(int slot, string address, CancellationToken cancellationToken)
    {
        long tip = await HeightAsync(slot, cancellationToken) ?? 0;
        for (long height = tip - 1; height > Math.Max(0, tip - 4); height--)
        {
            JsonNode? commit = await Http.GetFromJsonAsync<JsonNode>($"{Rpc(slot)}/commit?height={height}", cancellationToken);
            JsonArray signatures = commit!["result"]!["signed_header"]!["commit"]!["signatures"]!.AsArray();
            if (signatures.Any(one => one!["validator_address"]!.GetValue<string>() == address && one["block_id_flag"]!.GetValue<int>() == 2))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The times of the blocks from one height to another.</summary>
    public async Task<IReadOnlyList<DateTimeOffset>> TimesAsync(int slot, long from, long to, CancellationToken cancellationToken)
    {
        var times = new List<DateTimeOffset>();
        for (long height = from; height <= to; height++)
        {
            JsonNode? block = await Http.GetFromJsonAsync<JsonNode>($"{Rpc(slot)}/block?height={height}", cancellationToken);
            times.Add(block!["result"]!["block"]!["header"]!["time"]!.GetValue<DateTimeOffset>());
        }

        return times;
    }

    /// <summary>Kills a node's process, whoever started it, and waits until it is gone.</summary>
    public async Task KillAsync(string node, int slot, CancellationToken cancellationToken)
    {
        await SignalAsync(node, "KILL", cancellationToken);
        await Eventually.TrueAsync(node + " is gone", TimeSpan.FromSeconds(20), async () => await HeightAsync(slot, cancellationToken) is null, cancellationToken);
    }

    /// <summary>Sends a signal to a node's process, whoever started it.</summary>
    public Task SignalAsync(string node, string signal, CancellationToken cancellationToken) => ChildProgram.RunAsync(
        "sh",
        ["-c", "for p in /proc/[0-9]*; do if tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -qF -- \"--home $0 \"; then kill -$1 ${p#/proc/}; fi; done", Home(node), signal],
        cancellationToken: cancellationToken);

    /// <summary>Every piece of evidence of two votes that a block holds; blocks that were looked at once are not looked at again.</summary>
    public async Task<IReadOnlyList<JsonNode>> EvidenceAsync(int slot, CancellationToken cancellationToken)
    {
        long tip = await HeightAsync(slot, cancellationToken) ?? throw new InvalidOperationException($"slot {slot} does not answer");
        for (; _looked < tip; _looked++)
        {
            JsonNode? block = await Http.GetFromJsonAsync<JsonNode>($"{Rpc(slot)}/block?height={_looked + 1}", cancellationToken);
            _evidence.AddRange(block!["result"]!["block"]!["evidence"]!["evidence"]!.AsArray().OfType<JsonNode>());
        }

        return _evidence;
    }

    /// <summary>The app hash in the header at a height.</summary>
    public async Task<string?> AppHashAsync(int slot, long height, CancellationToken cancellationToken)
    {
        JsonNode? block = await Http.GetFromJsonAsync<JsonNode>($"{Rpc(slot)}/block?height={height}", cancellationToken);
        return block?["result"]?["block"]?["header"]?["app_hash"]?.GetValue<string>();
    }

    /// <summary>What the application of a node says of itself: its version, its last height.</summary>
    public async Task<JsonNode> AppInfoAsync(int slot, CancellationToken cancellationToken) =>
        (await Http.GetFromJsonAsync<JsonNode>($"{Rpc(slot)}/abci_info", cancellationToken))!["result"]!["response"]!;

    /// <summary>Waits until a node has reached a height.</summary>
    public Task ReachesAsync(int slot, long height, TimeSpan within, CancellationToken cancellationToken) =>
        Eventually.TrueAsync($"slot {slot} reaches height {height}", within, async () => await HeightAsync(slot, cancellationToken) >= height, cancellationToken);

    /// <summary>A labnet command; its children outlive it, so its output goes nowhere near our pipes.</summary>
    public static Task RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        ChildProgram.RunAsync("sh", ["-c", "exec labnet \"$@\" >/dev/null 2>&1", "labnet", .. arguments], cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await RunAsync(["stop", Folder], CancellationToken.None);
}
