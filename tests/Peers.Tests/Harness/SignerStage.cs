using System.Net.Http.Json;
using System.Text.Json.Nodes;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>A real chain of four validators of which the last is under the interlock, a Temporal server, a control worker and the validator's node worker.</summary>
public sealed class SignerStage : IAsyncDisposable
{
    /// <summary>The validator under the interlock, in port slot 3.</summary>
    public const string Node = "node3";

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly ScratchFolder _folder = new();
    private TemporalDevServer? _temporal;
    private ChildProgram? _control;
    private ChildProgram? _worker;
    private Task? _started;

    /// <summary>The chain.</summary>
    public LabNet Net { get; private set; } = null!;

    /// <summary>The operator's program.</summary>
    public Cli Cli { get; private set; } = null!;

    /// <summary>The register and the hosts.</summary>
    public SignerBench Bench { get; private set; } = null!;

    /// <summary>The HRS file of the validator.</summary>
    public string HrsFile => Path.Combine(Net.Home(Node), "data", "priv_validator_state.json");

    /// <summary>Starts everything, once.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string program in (string[])["labchaind", "labnet", "temporal"])
        {
            RequiredProgram.Find(program);
        }

        return _started ??= StartAllAsync(cancellationToken);
    }

    /// <summary>Kills the validator's process, whoever started it, and waits until it is gone.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        await ChildProgram.RunAsync(
            "sh",
            ["-c", "for p in /proc/[0-9]*; do if tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -qF -- \"--home $0 \"; then kill -KILL ${p#/proc/}; fi; done", Net.Home(Node)],
            cancellationToken: cancellationToken);
        await Eventually.TrueAsync("the validator is gone", TimeSpan.FromSeconds(20), async () => await Net.HeightAsync(3, cancellationToken) is null, cancellationToken);
    }

    /// <summary>Nobody signed twice: no block holds evidence.</summary>
    public async Task<IReadOnlyList<JsonNode>> EvidenceAsync(CancellationToken cancellationToken)
    {
        var found = new List<JsonNode>();
        long tip = (await Net.HeightAsync(0, cancellationToken))!.Value;
        for (long height = 1; height <= tip; height++)
        {
            JsonNode? block = await Http.GetFromJsonAsync<JsonNode>($"{Net.Rpc(0)}/block?height={height}", cancellationToken);
            found.AddRange(block!["result"]!["block"]!["evidence"]!["evidence"]!.AsArray().OfType<JsonNode>());
        }

        return found;
    }

    /// <summary>Starts RB-DR-001 on the validator.</summary>
    public async Task<string> CureAsync(CancellationToken cancellationToken) =>
        (await Cli.JsonAsync(cancellationToken, "run", "RB-DR-001", "--node", Node, "--by", "alice", "--reason", "it does not sign"))["workflowId"]!.GetValue<string>();

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        Net = await LabNet.StartAsync(_folder["net"], 4, "unused", cancellationToken);
        Bench = new SignerBench(_folder["signing"], Net);
        _temporal = await TemporalDevServer.StartAsync(_folder["temporal.db"], cancellationToken);
        string estate = await EstateAsync(cancellationToken);
        Cli = new Cli(estate, _temporal.Address);
        await Net.ReachesAsync(0, 3, TimeSpan.FromSeconds(60), cancellationToken);
        await SignerBench.InitAsync(Cli, estate, cancellationToken);
        await Bench.EnrolAsync(Cli, Node, cancellationToken);
        _control = Cli.StartWorker("--role", "control", "--health-port", "0", "--state", _folder["control"]);
        _worker = Cli.With(Bench.Variables(Node)).StartWorker("--role", "node", "--node", Node, "--health-port", "0", "--state", _folder["node"]);
    }

    private async Task<string> EstateAsync(CancellationToken cancellationToken)
    {
        string path = Path.Combine(_folder.Path, "estate.yaml");
        Directory.CreateDirectory(_folder["bucket"]);
        string others = string.Concat(Enumerable.Range(0, 3).Select(i => $$"""

              - name: node{{i}}
                kind: validator
                region: here
                home: {{Net.Home($"node{i}")}}
                rpc: {{Net.Rpc(i)}}
                backup: none
                control: { type: process }
            """));
        string command = string.Join(", ", Bench.GatedStart(Node).Select(word => $"\"{word}\""));
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
            nodes:{{others}}
              - name: {{Node}}
                kind: validator
                region: here
                home: {{Net.Home(Node)}}
                rpc: {{Net.Rpc(3)}}
                backup: none
                control: { type: process, stopTimeout: 20s, command: [{{command}}] }
                {{Bench.SignerYaml(Node)}}
            backups: { schedules: [] }
            watch: { period: 3s }
            approvals: { required: 1, approvers: [alice, bob] }
            evidence: {{_folder["evidence"]}}

            """ + Bench.SigningYaml(0, 1), cancellationToken);
        return path;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable? part in new IAsyncDisposable?[] { _worker, _control })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        if (Net is not null)
        {
            await KillAsync(CancellationToken.None);
            await Net.DisposeAsync();
        }

        if (_temporal is not null)
        {
            await _temporal.DisposeAsync();
        }

        _folder.Dispose();
    }
}
