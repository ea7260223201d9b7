using System.Globalization;
using System.Text.Json.Nodes;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>
/// The stage with what stands beside a chain's nodes: an API gateway that forwards to a node's real REST, a provider daemon that serves what is in its
/// data folder, and a second full node in another region that stands in for the first one and looks at the others from there. All are real processes.
/// </summary>
public sealed class ComponentStage : PeerStage
{
    /// <summary>The gateway.</summary>
    public const string Gateway = "gateway-0";

    /// <summary>The provider daemon.</summary>
    public const string Provider = "provider-0";

    /// <summary>The standby, in slot 5.</summary>
    public const string Standby = "fullnode-1";

    private const string Forward = """
        import http.server, sys, urllib.error, urllib.request

        class Gateway(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                try:
                    with urllib.request.urlopen(sys.argv[2] + self.path, timeout=5) as answer:
                        status, body = answer.status, answer.read()
                except urllib.error.HTTPError as e:
                    status, body = e.code, e.read()
                except OSError as e:
                    status, body = 502, str(e).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Gateway).serve_forever()
        """;

    private const string Serve = """
        import http.server, json, sys

        class Provider(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                try:
                    with open(sys.argv[2] + "/data/leases.json") as file:
                        status, body = 200, {"daemon": {"state": "running"}, "leases": len(json.load(file))}
                except (OSError, ValueError) as e:
                    status, body = 500, {"daemon": {"state": str(e)}}
                answer = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Provider).serve_forever()
        """;

    private readonly Dictionary<string, int> _ports = [];
    private readonly List<ChildProgram> _workers = [];
    private Task? _started;

    /// <summary>A component's address.</summary>
    public string Url(string node) => $"http://127.0.0.1:{_ports[node].ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A component's home.</summary>
    public string Home(string node) => Path.Combine(Folder, node);

    /// <summary>Starts everything and the workers of these hosts; the components themselves are started by their first cure.</summary>
    public Task StartComponentsAsync(CancellationToken cancellationToken) => _started ??= StartWorkersAsync(cancellationToken);

    /// <summary>The process of a component, as its node worker knows it.</summary>
    public int Pid(string node) => JsonNode.Parse(File.ReadAllText(Directory.EnumerateFiles(Home(node), "process.json", SearchOption.AllDirectories).Single()))!["pid"]!.GetValue<int>();

    /// <summary>Sends a signal to it.</summary>
    public Task SignalAsync(string node, string signal, CancellationToken cancellationToken) =>
        ChildProgram.RunAsync("sh", ["-c", "kill -$1 $0", Pid(node).ToString(CultureInfo.InvariantCulture), signal], cancellationToken: cancellationToken);

    /// <inheritdoc/>
    protected override async Task<string> MoreAsync(CancellationToken cancellationToken)
    {
        var python = (await ChildProgram.RunAsync(RequiredProgram.Find("python3"), ["-c", "import sys; print(sys.executable)"], cancellationToken: cancellationToken)).Trim();
        await LabNet.RunAsync(["full", Net.Folder, Standby, "5"], cancellationToken);
        foreach (var (node, program) in new[] { (Gateway, Forward), (Provider, Serve) })
        {
            _ports[node] = FreePorts.One();
            Directory.CreateDirectory(Path.Combine(Home(node), "data"));
            await File.WriteAllTextAsync(Path.Combine(Home(node), "serve.py"), program, cancellationToken);
        }

        await File.WriteAllTextAsync(Path.Combine(Home(Provider), "data", "leases.json"), "[1, 2, 3]", cancellationToken);
        return $$"""
              - name: {{Standby}}
                kind: full
                region: eu-west-1
                zone: eu-west-1a
                home: {{Net.Home(Standby)}}
                rpc: {{Net.Rpc(5)}}
                backup: none
                standbyFor: {{PeerEstate.FullNode}}
                control: { type: process, stopTimeout: 20s }
              - name: {{Gateway}}
                kind: gateway
                region: us-east-1
                zone: us-east-1a
                home: {{Home(Gateway)}}
                probe: { url: "{{Url(Gateway)}}" }
                control: { type: process, command: [{{python}}, "{home}/serve.py", "{{_ports[Gateway]}}", "{{Net.Rest(0)}}"], stopTimeout: 20s }
              - name: {{Provider}}
                kind: provider
                region: us-east-1
                zone: us-east-1a
                home: {{Home(Provider)}}
                probe: { url: "{{Url(Provider)}}/status", field: daemon.state, value: running }
                control: { type: process, command: [{{python}}, "{home}/serve.py", "{{_ports[Provider]}}", "{home}"], stopTimeout: 20s }
            observe:
              from: [{{Standby}}]
            """;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        foreach (var node in (string[])[Gateway, Provider])
        {
            if (Directory.Exists(Home(node)) && Directory.EnumerateFiles(Home(node), "process.json", SearchOption.AllDirectories).Any())
            {
                await ChildProgram.RunAsync("sh", ["-c", "kill -KILL $0 2>/dev/null || true", Pid(node).ToString(CultureInfo.InvariantCulture)], cancellationToken: CancellationToken.None);
            }
        }

        if (_started is not null)
        {
            await Net.SignalAsync(Standby, "KILL", CancellationToken.None);
        }

        await base.DisposeAsync();
    }

    private async Task StartWorkersAsync(CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        _workers.AddRange(new[] { Gateway, Provider, Standby }.Select(node => Cli.StartWorker("--role", "node", "--node", node, "--health-port", "0", "--state", Path.Combine(Folder, "worker-" + node))));
    }
}
