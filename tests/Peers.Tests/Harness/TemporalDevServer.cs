using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>A real Temporal server, as the official command-line program starts one.</summary>
public sealed class TemporalDevServer : IAsyncDisposable
{
    private readonly ChildProgram _server;

    private TemporalDevServer(ChildProgram server, string address) => (_server, Address) = (server, address);

    /// <summary>host:port.</summary>
    public string Address { get; }

    /// <summary>Starts it on a file and waits until it serves.</summary>
    public static Task<TemporalDevServer> StartAsync(string file, CancellationToken cancellationToken) => StartAsync(file, FreePorts.One(), cancellationToken);

    /// <summary>Starts it on a file and a port, as after a crash.</summary>
    public static async Task<TemporalDevServer> StartAsync(string file, int port, CancellationToken cancellationToken)
    {
        string program = RequiredProgram.Find("temporal");
        ChildProgram server = ChildProgram.Start(
            program, ["server", "start-dev", "--port", $"{port}", "--headless", "--db-filename", file, "--log-level", "error"]);
        var dev = new TemporalDevServer(server, $"127.0.0.1:{port}");
        await Eventually.TrueAsync("the Temporal server serves", TimeSpan.FromSeconds(30), async () =>
        {
            await dev.CliAsync(["operator", "cluster", "health"], cancellationToken);
            return true;
        }, cancellationToken);
        return dev;
    }

    /// <summary>Its port.</summary>
    public int Port => int.Parse(Address.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Ends it at once, as a lost machine would.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _server.Kill();
        await _server.WaitAsync(cancellationToken);
    }

    /// <summary>Runs the official command-line program against it.</summary>
    public Task<string> CliAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        ChildProgram.RunAsync("temporal", [.. arguments, "--address", Address], cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
