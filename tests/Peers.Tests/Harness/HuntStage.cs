using System.Text.RegularExpressions;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>
/// The stage with ways that can be cut (between each host's node and its peers, between its worker and the server, to a bucket), and with a second control plane: an
/// embedded engine with workers of its own on the same hosts.
/// </summary>
public sealed partial class HuntStage : SignerStage
{
    private const int Validators = 4;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private static readonly string[] Hosts = [Node, Standby];
    private readonly Dictionary<string, List<Toxiproxy.Link>> _peers = [];
    private readonly Dictionary<string, Toxiproxy.Link> _servers = [];
    private readonly List<ChildProgram> _second = [];
    private Func<Task>? _heal;
    private DateTime _cutAt;
    private Toxiproxy? _proxy;

    /// <summary>A host's node and its peers hear nothing of each other.</summary>
    public Task CutPeersAsync(string node) => CutAsync(() => Task.WhenAll(_peers[node].Select(way => way.PartitionAsync())), () => Task.WhenAll(_peers[node].Select(way => way.HealAsync())));

    /// <summary>A host's worker and the server hear nothing of each other.</summary>
    public Task CutServerAsync(string node) => CutAsync(_servers[node].PartitionAsync, _servers[node].HealAsync);

    /// <summary>A bucket of the register is out of reach of everybody.</summary>
    public Task CutBucketAsync(string name) => CutAsync(
        () => Task.Run(() => Directory.Move(Bench.Bucket(name), Bench.Bucket(name) + ".away")), () => Task.Run(() => Directory.Move(Bench.Bucket(name) + ".away", Bench.Bucket(name))));

    /// <summary>What is cut is whole again.</summary>
    public async Task HealAsync()
    {
        if (_heal is { } heal)
        {
            _heal = null;
            await heal();
        }
    }

    /// <summary>The same, where it has been cut for long enough.</summary>
    public Task HealInTimeAsync() => DateTime.UtcNow - _cutAt > Longest ? HealAsync() : Task.CompletedTask;

    /// <summary>Starts the second control plane where it does not run, and gives its operator's program.</summary>
    public async Task<Cli> SecondAsync(CancellationToken cancellationToken)
    {
        Cli second = Second(new Dictionary<string, string>());
        if (_second.Count == 0)
        {
            _second.Add(second.Start("engine", "serve"));
            await Eventually.TrueAsync("the second engine serves", TimeSpan.FromMinutes(1), () => Task.FromResult(_second[0].Output.Contains("server:", StringComparison.Ordinal)), cancellationToken);
            _second.Add(second.StartWorker("--role", "control", "--health-port", "0", "--state", Place("second-control")));
            _second.AddRange(Hosts.Select(node => Second(Bench.Variables(node)).StartWorker("--role", "node", "--node", node, "--health-port", "0", "--state", Place("second-" + node))));
        }

        return second;
    }

    /// <summary>Ends it; its file stays.</summary>
    public async Task EndSecondAsync()
    {
        foreach (ChildProgram program in Enumerable.Reverse(_second))
        {
            await program.DisposeAsync();
        }

        _second.Clear();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await EndSecondAsync();
        await base.DisposeAsync();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override Cli HostCli(string node) => new(EstateFile, $"127.0.0.1:{_servers[node].Url.Port}", Bench.Variables(node));

    /// <inheritdoc/>
    protected override async Task BeforeWorkersAsync(CancellationToken cancellationToken)
    {
        foreach (string node in Hosts)
        {
            _servers[node] = await _proxy!.LinkAsync(new Uri("tcp://" + Server), cancellationToken);
        }
    }

    /// <summary>Nobody finds anybody by talk (pex), nobody calls the two hosts, and they call everybody over ways of their own.</summary>
    protected override async Task PrepareNetAsync(LabNet net, CancellationToken cancellationToken)
    {
        _proxy = await Toxiproxy.StartAsync(cancellationToken);
        string id = (await File.ReadAllTextAsync(Path.Combine(net.Home(Node), "node_id"), cancellationToken)).Trim();
        foreach (string node in Enumerable.Range(0, Validators).Select(slot => $"node{slot}").Append(Standby))
        {
            string file = Path.Combine(net.Home(node), "config", "config.toml"), text = await File.ReadAllTextAsync(file, cancellationToken);
            var kept = new List<string>();
            foreach (string peer in Peers().Match(text).Groups[1].Value.Split(',').Where(peer => !peer.StartsWith(id, StringComparison.Ordinal)))
            {
                kept.Add(Hosts.Contains(node) ? await WayAsync(node, peer, cancellationToken) : peer);
            }

            text = Peers().Replace(text, $"persistent_peers = \"{string.Join(',', kept)}\"");
            await File.WriteAllTextAsync(file, Pex().Replace(text, "pex = false"), cancellationToken);
        }
    }

    private async Task<string> WayAsync(string node, string peer, CancellationToken cancellationToken)
    {
        string[] parts = peer.Split('@');
        Toxiproxy.Link way = await _proxy!.LinkAsync(new Uri("tcp://" + parts[1]), cancellationToken);
        (_peers.TryGetValue(node, out List<Toxiproxy.Link>? ways) ? ways : _peers[node] = []).Add(way);
        return $"{parts[0]}@127.0.0.1:{way.Url.Port}";
    }

    private async Task CutAsync(Func<Task> cut, Func<Task> heal)
    {
        await HealAsync();
        (_heal, _cutAt) = (heal, DateTime.UtcNow);
        await cut();
    }

    private Cli Second(IReadOnlyDictionary<string, string> more) =>
        new(EstateFile, Server, new Dictionary<string, string>(more) { ["VIRTENGINE_ENGINE"] = Place("second-engine"), ["VIRTENGINE_EMBEDDED"] = "1" });

    [GeneratedRegex("^persistent_peers = \"(.*)\"$", RegexOptions.Multiline)]
    private static partial Regex Peers();

    [GeneratedRegex("^pex = .*$", RegexOptions.Multiline)]
    private static partial Regex Pex();
}
