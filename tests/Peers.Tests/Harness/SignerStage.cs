using System.Text.Json.Nodes;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>A real chain of four validators of which the last is under the interlock, a Temporal server, a control worker and the validator's node worker.</summary>
public partial class SignerStage : IAsyncDisposable
{
    /// <summary>The validator under the interlock, in port slot 3.</summary>
    public const string Node = "node3";

    /// <summary>A host with the same key, synced and known to the register as a standby, in port slot 4.</summary>
    public const string Standby = "node3b";

    private readonly ScratchFolder _folder = new();
    private TemporalDevServer? _temporal;
    private ChildProgram? _control;
    private ChildProgram? _worker;
    private ChildProgram? _standbyWorker;
    private Task? _started;

    /// <summary>The chain.</summary>
    public LabNet Net { get; private set; } = null!;

    /// <summary>The operator's program.</summary>
    public Cli Cli { get; private set; } = null!;

    /// <summary>The register and the hosts.</summary>
    public SignerBench Bench { get; private set; } = null!;

    /// <summary>The HRS file of the validator.</summary>
    public string HrsFile => HrsFileOf(Node);

    /// <summary>A host's HRS file.</summary>
    public string HrsFileOf(string node) => Path.Combine(Net.Home(node), "data", "priv_validator_state.json");

    /// <summary>Starts everything, once.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string program in (string[])["labchaind", "labnet", "temporal", "openssl"])
        {
            RequiredProgram.Find(program);
        }

        return _started ??= StartAllAsync(cancellationToken);
    }

    /// <summary>Kills the validator's process, whoever started it, and waits until it is gone.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => KillAsync(Node, 3, cancellationToken);

    /// <summary>Kills a host's node, whoever started it, and waits until it is gone.</summary>
    public Task KillAsync(string node, int slot, CancellationToken cancellationToken) => Net.KillAsync(node, slot, cancellationToken);

    /// <summary>Ends the validator in order: what is broken next is broken on whole data.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await Net.SignalAsync(Node, "TERM", cancellationToken);
        await Eventually.TrueAsync(Node + " has ended", TimeSpan.FromSeconds(20), async () => await Net.HeightAsync(3, cancellationToken) is null, cancellationToken);
    }

    /// <summary>Stops a validator without an interlock: where ours is away too, half the power is left and the chain stands.</summary>
    public Task StopAnotherAsync(CancellationToken cancellationToken) => LabNet.RunAsync(["stop", Net.Folder, "node2"], cancellationToken);

    /// <summary>Starts RB-DR-001 on the validator.</summary>
    public async Task<string> CureAsync(CancellationToken cancellationToken) =>
        (await Cli.JsonAsync(cancellationToken, "run", "RB-DR-001", "--node", Node, "--by", "alice", "--reason", "it does not sign"))["workflowId"]!.GetValue<string>();

    /// <summary>Starts RB-DR-004 on the validator.</summary>
    public async Task<string> RecoverAsync(CancellationToken cancellationToken) =>
        (await Cli.JsonAsync(cancellationToken, "run", "RB-DR-004", "--node", Node, "--by", "alice", "--reason", "its app hash is wrong"))["workflowId"]!.GetValue<string>();

    /// <summary>Starts RB-DR-006 on the validator.</summary>
    public async Task<string> RestoreAsync(CancellationToken cancellationToken) =>
        (await Cli.JsonAsync(cancellationToken, "run", "RB-DR-006", "--node", Node, "--backup", "newest", "--by", "alice", "--reason", "its disk is lost"))["workflowId"]!.GetValue<string>();

    /// <summary>Starts a move of the key.</summary>
    public Task<string> MoveAsync(string to, CancellationToken cancellationToken, params IReadOnlyList<string> more) => MoveAsync(Cli, to, cancellationToken, more);

    /// <summary>Starts a move of the key by one engine or another.</summary>
    public static async Task<string> MoveAsync(Cli engine, string to, CancellationToken cancellationToken, params IReadOnlyList<string> more) =>
        (await engine.JsonAsync(cancellationToken, ["run", "SignerMove", "--node", to, "--by", "alice", "--reason", "its host goes away", .. more]))["workflowId"]!.GetValue<string>();

    /// <summary>A host's start command of the node.</summary>
    protected virtual IReadOnlyList<string> NodeStart(string node) => Bench.GatedStart(node);

    /// <summary>How long a stop of the node may take.</summary>
    protected virtual string StopTimeout => "20s";

    /// <summary>A host's signer for the estate.</summary>
    protected virtual string SignerYaml(string node) => Bench.SignerYaml(node);

    /// <summary>What an enrolment says besides.</summary>
    protected virtual IReadOnlyList<string> Vouchers => [];

    /// <summary>Gives both hosts the key.</summary>
    protected virtual Task PrepareHostsAsync(CancellationToken cancellationToken)
    {
        File.Copy(KeyFileOf(Node), KeyFileOf(Standby), overwrite: true);
        return Task.CompletedTask;
    }

    /// <summary>Changes the network before it starts.</summary>
    protected virtual Task PrepareNetAsync(LabNet net, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Everything but the workers is there.</summary>
    protected virtual Task BeforeWorkersAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The program as a host's node worker is started.</summary>
    protected virtual Cli HostCli(string node) => Cli.With(Bench.Variables(node));

    /// <summary>The Temporal server's address.</summary>
    protected string Server => _temporal!.Address;

    /// <summary>The estate's file.</summary>
    protected string EstateFile => _folder["estate.yaml"];

    /// <summary>A path in the stage's folder.</summary>
    protected string Place(string name) => _folder[name];

    /// <summary>A home's key file.</summary>
    protected string KeyFileOf(string node) => Path.Combine(Net.Home(node), "config", "priv_validator_key.json");

    /// <summary>The standby gets the chain as a full node with a key of its own, and is stopped.</summary>
    private async Task PrepareStandbyAsync(CancellationToken cancellationToken)
    {
        await LabNet.RunAsync(["start", Net.Folder, Standby], cancellationToken);
        await Net.ReachesAsync(4, 3, TimeSpan.FromSeconds(60), cancellationToken);
        await LabNet.RunAsync(["stop", Net.Folder, Standby], cancellationToken);
    }

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        Net = await LabNet.StartAsync(_folder["net"], 4, Standby, "200ms", net => PrepareNetAsync(net, cancellationToken), cancellationToken);
        await PrepareStandbyAsync(cancellationToken);
        Bench = new SignerBench(_folder["signing"], Net);
        await PrepareHostsAsync(cancellationToken);
        _temporal = await TemporalDevServer.StartAsync(_folder["temporal.db"], cancellationToken);
        string estate = await EstateAsync(cancellationToken);
        Cli = new Cli(estate, _temporal.Address);
        await Net.ReachesAsync(0, 3, TimeSpan.FromSeconds(60), cancellationToken);
        await SignerBench.InitAsync(Cli, estate, cancellationToken);
        await Bench.EnrolAsync(Cli, Node, cancellationToken, Vouchers);
        await Cli.With(Bench.Variables(Standby)).JsonAsync(cancellationToken, "signer", "enrol", "--node", Standby, "--standby", "--by", "alice");
        await BeforeWorkersAsync(cancellationToken);
        _control = StartControl();
        _worker = StartWorker(Node);
        _standbyWorker = StartWorker(Standby);

        // A copy of the database from before this would be one of a server that was never used: it lacks the search attributes that a worker adds when it starts.
        await Eventually.TrueAsync("the server is prepared", TimeSpan.FromMinutes(1), async () =>
            (await _temporal.CliAsync(["operator", "search-attribute", "list"], cancellationToken)).Contains("DrRunbook", StringComparison.Ordinal), cancellationToken);
    }

    private async Task<string> EstateAsync(CancellationToken cancellationToken)
    {
        string path = Path.Combine(_folder.Path, "estate.yaml");
        Directory.CreateDirectory(_folder["bucket"]);
        string key = _folder["backups.pem"], pub = _folder["backups.pub.pem"];
        await ChildProgram.RunAsync("openssl", ["genpkey", "-algorithm", "ed25519", "-out", key], cancellationToken: cancellationToken);
        await ChildProgram.RunAsync("openssl", ["pkey", "-in", key, "-pubout", "-out", pub], cancellationToken: cancellationToken);
        string wrapping = _folder["encryption.key"];
        await ChildProgram.RunAsync("openssl", ["rand", "-hex", "-out", wrapping, "32"], cancellationToken: cancellationToken);
        File.SetUnixFileMode(wrapping, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string others = string.Concat(Enumerable.Range(0, 3).Select(i => $$"""

              - name: node{{i}}
                kind: validator
                region: here
                home: {{Net.Home($"node{i}")}}
                rpc: {{Net.Rpc(i)}}
                backup: none
                control: { type: process }
            """));
        string signers = string.Concat(new[] { (Node, 3), (Standby, 4) }.Select(host => $$"""

              - name: {{host.Item1}}
                kind: validator
                region: here
                home: {{Net.Home(host.Item1)}}
                rpc: {{Net.Rpc(host.Item2)}}
                backup: frozen
                control: { type: process, stopTimeout: {{StopTimeout}}, command: [{{string.Join(", ", NodeStart(host.Item1).Select(word => $"\"{word}\""))}}] }
                {{SignerYaml(host.Item1)}}
            """));
        await File.WriteAllTextAsync(path, $$"""
            name: signers
            chain:
              id: {{SignerBench.Chain}}
              blockTime: 1s
              maxLagBlocks: 20
              commands:
                binary: labchaind
                start: [start, --home, "{home}", --log_no_color]
            regions:
              - { name: here, role: primary, capacity: 100, bucket: { url: "file://{{_folder["bucket"]}}" } }
            nodes:{{others}}{{signers}}
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

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable? part in new IAsyncDisposable?[] { _worker, _standbyWorker, _control })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        foreach (ChildProgram program in _byHand)
        {
            await program.DisposeAsync();
        }

        if (Net is not null)
        {
            await KillAsync(CancellationToken.None);
            await KillAsync(Standby, 4, CancellationToken.None);
            await Net.DisposeAsync();
        }

        if (_temporal is not null)
        {
            await _temporal.DisposeAsync();
        }

        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
