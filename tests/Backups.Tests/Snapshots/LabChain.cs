using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Snapshots;

/// <summary>A real chain of one validator (<c>labchaind</c>), or the test is skipped by name.</summary>
internal sealed class LabChain : IAsyncDisposable
{
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly List<LiveProcess> processes = [];
    private readonly Uri rpc;

    private LabChain(string home, int port) => (Home, rpc) = (home, new Uri($"http://127.0.0.1:{port}"));

    /// <summary>The validator's home.</summary>
    public string Home { get; }

    /// <summary>The validator's process.</summary>
    public LiveProcess Node => processes[0];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Skips the test where a program is missing; fails it where peers are required.</summary>
    public static void Demand(params string[] programs)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var missing = programs.Where(program => !folders.Any(folder => File.Exists(Path.Combine(folder, program)))).ToList();
        if (missing.Count > 0 && Environment.GetEnvironmentVariable("VIRTENGINE_REQUIRE_PEERS") == "1")
        {
            Assert.Fail($"required and not on PATH: {string.Join(", ", missing)}");
        }

        Assert.SkipWhen(missing.Count > 0, $"not on PATH: {string.Join(", ", missing)}");
    }

    /// <summary>Makes and starts the chain; returns at height 5.</summary>
    public static async Task<LabChain> StartAsync(string folder, string timeoutCommit, int snapshotInterval)
    {
        var basePort = FreeBase();
        var start = new ProcessStartInfo("labnet", ["init", folder, "1", $"{basePort}"])
        {
            Environment = { ["TIMEOUT_COMMIT"] = timeoutCommit, ["SNAPSHOT_INTERVAL"] = $"{snapshotInterval}" },
        };
        using (var init = Process.Start(start)!)
        {
            await init.WaitForExitAsync(Token);
            Assert.Equal(0, init.ExitCode);
        }

        var chain = new LabChain(Path.Combine(folder, "node0"), basePort + 1);
        chain.processes.Add(Launch(chain.Home, []));
        await Eventually.TrueAsync(async () => await chain.HeightAsync() >= 5, "the chain makes blocks", 60);
        return chain;
    }

    /// <summary>Starts a restored home without peers and without keys, asks for its state and ends it.</summary>
    /// <returns>Its height and the application's hash after that height.</returns>
    public async Task<(long Height, string AppHash)> ProveAsync(string home)
    {
        var port = FreeBase();
        await using var copy = Launch(home, [
            "--p2p.persistent_peers=", "--p2p.seeds=", $"--p2p.laddr=tcp://127.0.0.1:{port}", $"--rpc.laddr=tcp://127.0.0.1:{port + 1}",
            "--grpc.enable=false", "--api.enable=false"]);
        JsonElement info = default;
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(copy.Ended, "the restored node ended");
                info = await GetAsync(new Uri($"http://127.0.0.1:{port + 1}/abci_info"));
                return info.ValueKind == JsonValueKind.Object;
            },
            "the restored node answers", 60);
        var response = info.GetProperty("response");
        var hash = Convert.ToHexString(response.GetProperty("last_block_app_hash").GetBytesFromBase64());
        return (long.Parse(response.GetProperty("last_block_height").GetString()!, System.Globalization.CultureInfo.InvariantCulture), hash);
    }

    /// <summary>The newest height; zero when it does not answer.</summary>
    public async Task<long> HeightAsync() => await GetAsync(new Uri(rpc, "status")) is { ValueKind: JsonValueKind.Object } status
        ? long.Parse(status.GetProperty("sync_info").GetProperty("latest_block_height").GetString()!, System.Globalization.CultureInfo.InvariantCulture) : 0;

    /// <summary>The application's hash after a height, as the next header has it.</summary>
    public async Task<string> HashAfterAsync(long height)
    {
        await Eventually.TrueAsync(async () => await HeightAsync() > height, "the next block");
        return (await GetAsync(new Uri(rpc, $"block?height={height + 1}"))).GetProperty("block").GetProperty("header").GetProperty("app_hash").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }

        http.Dispose();
    }

    private static LiveProcess Launch(string home, IEnumerable<string> flags)
    {
        var start = new ProcessStartInfo("sh", ["-c", "exec labchaind \"$@\" >\"$LOG\" 2>&1", "sh", "start", "--home", home, "--log_no_color", .. flags])
        {
            Environment = { ["LOG"] = Path.Combine(home, "test.log") },
        };
        return new LiveProcess(Process.Start(start)!);
    }

    private static int FreeBase()
    {
        while (true)
        {
            var port = Random.Shared.Next(2000, 3200) * 10;
            try
            {
                for (var i = 0; i < 5; i++)
                {
                    using var listener = new TcpListener(IPAddress.Loopback, port + i);
                    listener.Start();
                }

                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
                continue;
            }
        }
    }

    private async Task<JsonElement> GetAsync(Uri address)
    {
        try
        {
            using var json = JsonDocument.Parse(await http.GetStringAsync(address, Token));
            return json.RootElement.GetProperty("result").Clone();
        }
        catch (HttpRequestException)
        {
            return default;
        }
    }
}
