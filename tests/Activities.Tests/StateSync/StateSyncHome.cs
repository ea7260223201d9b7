using VirtEngine.DR.Activities.Chain.CometBft;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.Nodes.StateSync;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Tests.StateSync;

/// <summary>A node's home in a folder of its own, with the configuration that a real node's init writes, in short.</summary>
internal sealed class StateSyncHome : IDisposable
{
    public const string Config = """
        # the RPC
        [rpc]
        laddr = "tcp://127.0.0.1:26657"

        [statesync]
        # State sync rapidly bootstraps a new node.
        enable = false # off in peacetime
        rpc_servers = ""
        trust_height = 0
        trust_hash = ""
        trust_period = "168h0m0s"

        # Time to spend discovering snapshots.
        discovery_time = "20s"
        chunk_request_timeout = "1m0s"
        chunk_fetchers = "2"

        [tx_index]
        indexer = "kv"
        """;

    private readonly TempFolder _folder = new();

    public StateSyncHome()
    {
        Directory.CreateDirectory(Path.Combine(Path_, "config"));
        Directory.CreateDirectory(Path.Combine(Path_, "data"));
        File.WriteAllText(ConfigFile, Config);
        File.WriteAllText(Path.Combine(Path_, "config", "app.toml"), "pruning = \"default\"\n[state-sync]\nsnapshot-interval = 1000\nsnapshot-keep-recent = 10\n");
        Target = new(new NodeSpec { Name = "full-0", Kind = NodeKind.Full, Region = "r1", Home = Path_, Control = new() { Type = "process" } }, new ChainSpec { Id = "virtengine-1" }, "digest");
    }

    public string Path_ => _folder.File("home");

    public string ConfigFile => Path.Combine(Path_, "config", "config.toml");

    public string Record => Path.Combine(Path_, ".virtengine-dr", "statesync.json");

    public NodeTarget Target { get; set; }

    public StateSyncActivities Activities { get; } = new(NodeControls.Default, new CometBftRpcFactory());

    public static StateSyncSettings Settings { get; } = new()
    {
        RpcServers = ["http://a:26657", "http://b:26657"],
        TrustHeight = 1150,
        TrustHash = new string('A', 64),
        TrustPeriod = TimeSpan.FromHours(168),
    };

    public StateSyncAct Act(int number, string run = "run-1") =>
        new(new StepKey("wf-" + run, run, run, "statesync-configure", "do", number), Target, new string('d', 64)) { Settings = Settings };

    public void Dispose() => _folder.Dispose();
}
