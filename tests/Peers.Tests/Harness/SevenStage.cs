using System.Text.RegularExpressions;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>
/// A real chain of seven validators of one power each, so that five must sign: three are ours and under the interlock, each in a region of its own with its own worker.
/// What <see cref="Far"/> and its peers say to each other goes over ways that can be cut.
/// </summary>
public sealed partial class SevenStage : IAsyncDisposable
{
    /// <summary>The one that is reached by its own ways only.</summary>
    public const string Far = "node6";

    private const int All = 7;
    private readonly ScratchFolder _folder = new();
    private readonly List<Toxiproxy.Link> _ways = [];
    private readonly List<ChildProgram> _byHand = [];
    private readonly Dictionary<string, ChildProgram> _workers = [];
    private Toxiproxy? _proxy;
    private TemporalDevServer? _temporal;
    private Task? _started;
    private int _boots = 1;

    /// <summary>Our validators.</summary>
    public static IReadOnlyList<string> Ours { get; } = ["node4", "node5", Far];

    /// <summary>The chain.</summary>
    public LabNet Net { get; private set; } = null!;

    /// <summary>The operator's program.</summary>
    public Cli Cli { get; private set; } = null!;

    /// <summary>The register and the hosts.</summary>
    public SignerBench Bench { get; private set; } = null!;

    /// <summary>Where everything of it lies.</summary>
    public string Folder => _folder.Path;

    /// <summary>The public key of what our hosts sign: backups and recovery plans.</summary>
    public string PlanKey => _folder["backups.pub.pem"];

    /// <summary>The port slot of a node.</summary>
    public static int Slot(string node) => node[^1] - '0';

    /// <summary>Starts everything, once; whatever another test left behind is brought back.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string program in (string[])["labchaind", "labnet", "temporal", "openssl", "toxiproxy-server"])
        {
            RequiredProgram.Find(program);
        }

        await (_started ??= StartAllAsync(cancellationToken));
        foreach (string node in Ours)
        {
            await Eventually.TrueAsync(node + " signs", TimeSpan.FromMinutes(2), () => Net.SignsAsync(0, Bench.Address(node), cancellationToken), cancellationToken);
        }
    }

    /// <summary>Starts RB-DR-001 on a node.</summary>
    public async Task<string> CureAsync(string node, CancellationToken cancellationToken, params IReadOnlyList<string> more) =>
        (await Cli.JsonAsync(cancellationToken, ["run", "RB-DR-001", "--node", node, "--by", "alice", "--reason", "it does not sign", .. more]))["workflowId"]!.GetValue<string>();

    /// <summary>The validators of others, by their port slots, stop or start.</summary>
    public Task OthersAsync(string verb, IReadOnlyList<int> slots, CancellationToken cancellationToken) =>
        LabNet.RunAsync([verb, Net.Folder, .. slots.Select(slot => $"node{slot}")], cancellationToken);

    /// <summary>Nothing goes over the far node's ways any more.</summary>
    public Task CutAsync() => Task.WhenAll(_ways.Select(way => way.PartitionAsync()));

    /// <summary>Its ways are as they were.</summary>
    public Task HealAsync() => Task.WhenAll(_ways.Select(way => way.HealAsync()));

    /// <summary>The power is gone everywhere at once: every node, every worker and the Temporal server; none of them says goodbye.</summary>
    public async Task PowerCutAsync(CancellationToken cancellationToken)
    {
        foreach (ChildProgram worker in _workers.Values)
        {
            worker.Kill();
        }

        await _temporal!.KillAsync(cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, All).Select(slot => Net.KillAsync($"node{slot}", slot, cancellationToken)));
        _workers.Clear();
    }

    /// <summary>The power is back: every host is in another boot, and its supervisor starts what it starts. Nobody starts Temporal or a worker.</summary>
    public async Task PowerBackAsync(CancellationToken cancellationToken)
    {
        _boots++;
        foreach (string node in Ours)
        {
            Bench.Boot(node, $"boot-{_boots}");
            _byHand.Add(Cli.With(Bench.Variables(node)).Start([.. Bench.GatedStart(node).Skip(1)]));
        }

        await OthersAsync("start", [0, 1, 2, 3], cancellationToken);
    }

    /// <summary>Temporal and the workers are back.</summary>
    public async Task EngineBackAsync(CancellationToken cancellationToken)
    {
        _temporal = await TemporalDevServer.StartAsync(_folder["temporal.db"], _temporal!.Port, cancellationToken);
        StartWorkers();
    }

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        _proxy = await Toxiproxy.StartAsync(cancellationToken);
        Net = await LabNet.StartAsync(_folder["net"], All, null, "800ms", net => PrepareAsync(net, cancellationToken), cancellationToken);
        Bench = new SignerBench(_folder["signing"], Net);
        _temporal = await TemporalDevServer.StartAsync(_folder["temporal.db"], cancellationToken);
        string estate = await EstateAsync(cancellationToken);
        Cli = new Cli(estate, _temporal.Address);
        await Net.ReachesAsync(0, 3, TimeSpan.FromSeconds(90), cancellationToken);
        await SignerBench.InitAsync(Cli, estate, cancellationToken);
        foreach (string node in Ours)
        {
            await Bench.EnrolAsync(Cli, node, cancellationToken);
        }

        StartWorkers();

        // From here on ours run through their gates, under their own workers.
        foreach (string node in Ours)
        {
            await Net.KillAsync(node, Slot(node), cancellationToken);
            await Cli.PhaseAsync(await CureAsync(node, cancellationToken), "closed", TimeSpan.FromMinutes(4), cancellationToken);
        }
    }

    private void StartWorkers()
    {
        _workers["control"] = Cli.StartWorker("--role", "control", "--health-port", "0", "--state", _folder["control"]);
        foreach (string node in Ours)
        {
            _workers[node] = Cli.With(Bench.Variables(node)).StartWorker("--role", "node", "--node", node, "--health-port", "0", "--state", _folder["worker-" + node]);
        }
    }

    /// <summary>Nobody finds anybody by talk (pex), nobody else calls the far node, and it calls everybody over ways of its own.</summary>
    private async Task PrepareAsync(LabNet net, CancellationToken cancellationToken)
    {
        string farId = (await File.ReadAllTextAsync(Path.Combine(net.Home(Far), "node_id"), cancellationToken)).Trim();
        for (int slot = 0; slot < All; slot++)
        {
            string file = Path.Combine(net.Home($"node{slot}"), "config", "config.toml"), text = await File.ReadAllTextAsync(file, cancellationToken);
            string peers = Peers().Match(text).Groups[1].Value;
            var kept = new List<string>();
            foreach (string peer in peers.Split(',').Where(peer => !peer.StartsWith(farId, StringComparison.Ordinal)))
            {
                kept.Add($"node{slot}" == Far ? await WayAsync(peer, cancellationToken) : peer);
            }

            text = Peers().Replace(text, $"persistent_peers = \"{string.Join(',', kept)}\"");
            await File.WriteAllTextAsync(file, Pex().Replace(text, "pex = false"), cancellationToken);
        }
    }

    private async Task<string> WayAsync(string peer, CancellationToken cancellationToken)
    {
        string[] parts = peer.Split('@');
        Toxiproxy.Link way = await _proxy!.LinkAsync(new Uri("tcp://" + parts[1]), cancellationToken);
        _ways.Add(way);
        return $"{parts[0]}@127.0.0.1:{way.Url.Port}";
    }

    private async Task<string> EstateAsync(CancellationToken cancellationToken)
    {
        string key = _folder["backups.pem"], pub = _folder["backups.pub.pem"];
        await ChildProgram.RunAsync("openssl", ["genpkey", "-algorithm", "ed25519", "-out", key], cancellationToken: cancellationToken);
        await ChildProgram.RunAsync("openssl", ["pkey", "-in", key, "-pubout", "-out", pub], cancellationToken: cancellationToken);
        string wrapping = _folder["encryption.key"];
        await ChildProgram.RunAsync("openssl", ["rand", "-hex", "-out", wrapping, "32"], cancellationToken: cancellationToken);
        File.SetUnixFileMode(wrapping, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string[] roles = ["primary", "secondary", "tertiary"];
        string regions = string.Concat(roles.Select((role, i) =>
        {
            Directory.CreateDirectory(_folder["bucket-" + role]);
            return $$"""

                  - { name: r{{i}}, role: {{role}}, capacity: {{(i == 0 ? 40 : 30)}}, priority: {{i + 1}}, bucket: { url: "file://{{_folder["bucket-" + role]}}" } }
                """;
        }));
        string nodes = string.Concat(Enumerable.Range(0, All).Select(slot =>
        {
            string node = $"node{slot}";
            bool ours = Ours.Contains(node);
            return $$"""

                  - name: {{node}}
                    kind: validator
                    region: r{{slot % 3}}
                    home: {{Net.Home(node)}}
                    rpc: {{Net.Rpc(slot)}}
                    backup: none
                    control: { type: process{{(ours ? $", stopTimeout: 20s, command: [{string.Join(", ", Bench.GatedStart(node).Select(word => $"\"{word}\""))}]" : "")}} }
                    {{(ours ? Bench.SignerYaml(node) : "")}}
                """;
        }));
        string path = Path.Combine(_folder.Path, "estate.yaml");
        await File.WriteAllTextAsync(path, $$"""
            name: seven
            chain:
              id: {{SignerBench.Chain}}
              blockTime: 2s
              maxLagBlocks: 20
              commands:
                binary: labchaind
                start: [start, --home, "{home}", --log_no_color]
            regions:{{regions}}
            nodes:{{nodes}}
            backups:
              schedules: []
              signingKeys:
                - { id: stage, publicKey: {{pub}}, privateKeyFile: {{key}}, nodes: ["*"], kinds: ["*"] }
              encryption: { type: file, key: {{wrapping}} }
            watch: { period: 3s }
            approvals: { required: 1, approvers: [alice, bob, carol] }
            evidence: {{_folder["evidence"]}}

            """ + Bench.SigningYaml(0, 1), cancellationToken);
        return path;
    }

    [GeneratedRegex("persistent_peers = \"([^\"]*)\"")]
    private static partial Regex Peers();

    [GeneratedRegex("^pex = true", RegexOptions.Multiline)]
    private static partial Regex Pex();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ChildProgram program in _workers.Values.Concat(_byHand))
        {
            await program.DisposeAsync();
        }

        if (Net is not null)
        {
            await Task.WhenAll(Ours.Select(node => Net.KillAsync(node, Slot(node), CancellationToken.None)));
            await Net.DisposeAsync();
        }

        foreach (IAsyncDisposable? part in new IAsyncDisposable?[] { _temporal, _proxy })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        _folder.Dispose();
    }
}
