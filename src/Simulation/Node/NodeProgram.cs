using System.Runtime.InteropServices;
using VirtEngine.DR.Simulation.Canaries;
using VirtEngine.DR.Simulation.Chain;
using VirtEngine.DR.Simulation.Http;
using VirtEngine.DR.Simulation.Network;
using VirtEngine.DR.Simulation.Rpc;

namespace VirtEngine.DR.Simulation.Node;

/// <summary>The small node's commands.</summary>
public static class NodeProgram
{
    /// <summary>The version that it reports.</summary>
    public const string Version = "0.1.0-minichain";

    private const string Usage = """
        minichain: a small chain node that is a real process with real files, for practice and tests

        Usage:
          init MONIKER --home DIR [--chain-id ID]      make a home: keys, genesis, configuration
          start --home DIR [--SECTION.KEY VALUE ...]   run the node; flags win over config.toml and app.toml
          status [--home DIR | --node URL]             what the node says of itself
          comet show-node-id --home DIR                the p2p id
          network --folder DIR [--validators N] [--full-nodes N] [--base-port P] [--block-time MS] [--accounts N] [--writes N]
          canary --home DIR                            write rising numbers to many files until killed (proves instants)
          version                                      the version
        """;

    /// <summary>Runs a command.</summary>
    /// <returns>0, or 1 when it failed, or 2 when it was not understood.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var words = args.TakeWhile(arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToArray();
        try
        {
            var flags = Flags.Parse(args.Skip(words.Length));
            return flags.ContainsKey("help") ? Say(Usage) : words switch
            {
                ["init", var moniker] => Init(moniker, flags),
                ["start"] => await StartAsync(flags),
                ["status"] => await StatusAsync(flags),
                ["version"] => Say(Version),
                ["comet" or "tendermint", "show-node-id"] =>
                    Say(ChainJson.ReadFile(NodeConfig.Read(Home(flags), flags).NodeKeyFile, json => json.NodeKey).Id),
                ["canary"] => Canary(flags),
                ["network"] => await NetworkAsync(flags),
                _ => Refuse(Usage),
            };
        }
        catch (Exception failure) when (failure is InvalidDataException or NodeHaltException or IOException or FormatException or HttpRequestException or UnauthorizedAccessException)
        {
            NodeLog.Error("main", failure.Message);
            return 1;
        }
    }

    private static int Say(string text)
    {
        Console.WriteLine(text);
        return 0;
    }

    private static int Refuse(string text)
    {
        Console.Error.WriteLine(text);
        return 2;
    }

    private static string Home(IReadOnlyDictionary<string, string> flags) => flags.GetValueOrDefault("home")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".minichain");

    private static int Init(string moniker, Dictionary<string, string> flags)
    {
        var home = Path.GetFullPath(Home(flags));
        if (File.Exists(Path.Combine(home, "config", "genesis.json")))
        {
            return Refuse($"'{home}/config/genesis.json' exists: the home is in use");
        }

        HomeWriter.Folders(home);
        var key = HomeWriter.ConsensusKey(home);
        var node = HomeWriter.NodeKey(home);
        HomeWriter.Genesis(home, new Genesis(
            DateTime.UtcNow, flags.GetValueOrDefault("chain-id", "minichain-1"), "1", [new GenesisValidator(key.Address, key.PubKey, "10", moniker)], "",
            new AppState(2000, 50)));
        HomeWriter.Config(home, moniker, 26656, 26657, [], TimeSpan.FromSeconds(1), 64 << 10);
        return Say(node.Id);
    }

    private static async Task<int> NetworkAsync(Dictionary<string, string> flags)
    {
        var options = new MiniNetworkOptions(flags.GetValueOrDefault("folder") ?? throw new InvalidDataException("--folder is missing"),
            Number("validators", 1), Number("full-nodes", 1))
        {
            BasePort = Number("base-port", 0),
            BlockTime = TimeSpan.FromMilliseconds(Number("block-time", 200)),
            Accounts = Number("accounts", 2000),
            WritesPerBlock = Number("writes", 50),
        };
        foreach (var node in (await MiniNetwork.CreateAsync(options, CancellationToken.None)).Nodes)
        {
            Console.WriteLine($"{node.Name} {node.Rpc} {string.Join(' ', node.StartCommand)}");
        }

        return 0;

        int Number(string name, int fallback) => !flags.TryGetValue(name, out var text) ? fallback
            : int.TryParse(text, out var value) && value >= 0 ? value : throw new InvalidDataException($"--{name} {text}: must be a whole number");
    }

    /// <summary>Runs until it is killed.</summary>
    private static int Canary(Dictionary<string, string> flags)
    {
        CanaryWriter.Prepare(Home(flags));
        CanaryWriter.Run(Home(flags), CancellationToken.None);
        return 0;
    }

    private static async Task<int> StatusAsync(Dictionary<string, string> flags)
    {
        var config = flags.ContainsKey("node") ? null : NodeConfig.Read(Home(flags), flags);
        using var http = new HttpClient();
        return Say(await http.GetStringAsync(new Uri(new Uri(flags.GetValueOrDefault("node") ?? $"http://{config!.RpcHost}:{config.RpcPort}"), "status")));
    }

    private static async Task<int> StartAsync(Dictionary<string, string> flags)
    {
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        var config = NodeConfig.Read(Home(flags), flags);
        using var node = new FullNode(config);
        NodeLog.Info("main", $"starting node id={node.NodeId} chain={node.Genesis.ChainId} height={node.State.Height} app_hash={node.State.Application.Hash}");
        await using var p2p = new MiniHttpServer(config.P2pHost, config.P2pPort, new P2pServer(node).HandleAsync);
        await using var rpc = new MiniHttpServer(config.RpcHost, config.RpcPort, new RpcServer(node).HandleAsync);
        try
        {
            await node.RunAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            NodeLog.Info("main", "stopped");
        }

        return 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }
}
