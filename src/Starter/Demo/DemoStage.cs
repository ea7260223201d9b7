using VirtEngine.DR.Simulation.Network;
using VirtEngine.DR.Starter.Connection;
using VirtEngine.DR.Starter.Engine;
using VirtEngine.DR.Starter.Runs;

namespace VirtEngine.DR.Starter.Demo;

/// <summary>Everything that the demo starts: nodes, server, worker. Disposing ends all of it, in the reverse order.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    private readonly Dictionary<string, MiniNodeProcess> nodes = new(StringComparer.Ordinal);
    private OwnProgram? worker;
    private readonly string folder;
    private EngineHost? engine;

    private DemoStage(string folder) => this.folder = folder;

    public MiniNetwork Network { get; private set; } = null!;

    public RunClient Runs { get; private set; } = null!;

    /// <summary>Where the estate is.</summary>
    public string EstateFile { get; private set; } = "";

    /// <summary>The server's description.</summary>
    public ServerAddress Server { get; private set; } = null!;

    public MiniNode FullNode => Network[DemoEstate.FullNode];

    public MiniNode Validator => Network.Nodes[0];

    /// <summary>Validators that still run as the processes that the demo started.</summary>
    public int ValidatorsUntouched => nodes.Count(pair => Network[pair.Key].Validator && !pair.Value.Ended);

    /// <summary>Builds it; <paramref name="named"/> is a server that the operator named, else an engine is started here.</summary>
    public static async Task<DemoStage> BuildAsync(DemoOptions options, ServerAddress? named, CancellationToken cancellationToken)
    {
        var stage = new DemoStage(options.Folder);
        try
        {
            await stage.StartAsync(options, named, cancellationToken).ConfigureAwait(false);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Kills the full node and deletes its data: the disk is lost.</summary>
    public async Task LoseDiskAsync()
    {
        await nodes[DemoEstate.FullNode].DisposeAsync().ConfigureAwait(false);
        nodes.Remove(DemoEstate.FullNode);
        Directory.Delete(Path.Combine(FullNode.Home, "data"), recursive: true);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The worker first: no step may go on while its node and server are taken away.
        if (worker is not null)
        {
            await worker.DisposeAsync().ConfigureAwait(false);
            worker = null;
        }
        foreach (var node in nodes.Values)
        {
            await node.DisposeAsync().ConfigureAwait(false);
        }

        nodes.Clear();
        await FolderProcesses.EndAsync(folder).ConfigureAwait(false);
        if (engine is not null)
        {
            await engine.DisposeAsync().ConfigureAwait(false);
            engine = null;
        }
    }

    private async Task StartAsync(DemoOptions options, ServerAddress? named, CancellationToken cancellationToken)
    {
        var logs = Directory.CreateDirectory(Path.Combine(folder, "logs")).FullName;
        foreach (var region in DemoEstate.Regions)
        {
            Directory.CreateDirectory(Path.Combine(folder, "buckets", region.Name));
        }

        var home = new EngineFolder(Path.Combine(folder, "engine"));
        engine = named is null ? await EngineHost.StartAsync(home, port: 0, cancellationToken).ConfigureAwait(false) : null;
        Server = named ?? engine!.Address;
        Network = await MiniNetwork.CreateAsync(
            new MiniNetworkOptions(Path.Combine(folder, "nodes"), Validators: 3, FullNodes: 1), cancellationToken).ConfigureAwait(false);
        EstateFile = await DemoEstate.WriteAsync(folder, Network, options, cancellationToken).ConfigureAwait(false);
        foreach (var node in Network.Nodes)
        {
            nodes[node.Name] = await MiniNodeProcess.StartAsync(node, cancellationToken).ConfigureAwait(false);
        }

        Runs = new RunClient(await ServerConnector.ConnectAsync(Server, cancellationToken).ConfigureAwait(false));
        worker = OwnProgram.Start(
            [
                "worker", "--role", "control", "--role", "node", "--node", DemoEstate.FullNode, "--estate", EstateFile,
                "--health-port", "0", "--state", Path.Combine(folder, "state"),
            ],
            engine is null ? ServerEnvironment.Of(Server) : ServerEnvironment.Of(home),
            Path.Combine(logs, "worker.log"));
    }
}
