using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>As <see cref="SignerStage"/>, with the key in a tmkms on each of both hosts and in no home.</summary>
public sealed class TmkmsStage : SignerStage
{
    private readonly Dictionary<string, Tmkms> _hosts = [];
    private ChildProgram? _first;

    /// <summary>A host's tmkms.</summary>
    public Tmkms Of(string node) => _hosts[node];

    /// <summary>A host's start of tmkms, through the gate.</summary>
    public IReadOnlyList<string> Gated(string node) => Bench.Gate(_hosts[node].Command);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> NodeStart(string node) => ["labchaind", "start", "--home", Net.Home(node), "--log_no_color"];

    /// <inheritdoc/>
    protected override string SignerYaml(string node) => Bench.SignerYaml(
        node, $$"""format: tmkms, address: {{Bench.Key}}, hrsFile: "{{Of(node).StateFile}}", control: { type: process, command: [{{string.Join(", ", Gated(node).Select(word => $"\"{word}\""))}}] }""");

    /// <inheritdoc/>
    protected override string StopTimeout => "4m";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Vouchers => ["--approved-by", "bob", "--approved-by", "carol"];

    /// <inheritdoc/>
    protected override async Task PrepareHostsAsync(CancellationToken cancellationToken)
    {
        RequiredProgram.Find("tmkms");
        await LabNet.RunAsync(["stop", Net.Folder, Node], cancellationToken);
        string key = KeyFileOf(Node), away = Path.Combine(Net.Folder, "taken-out.json");
        Bench.Key = Bench.Address(Node);
        File.Move(key, away);
        foreach (string node in (string[])[Node, Standby])
        {
            _hosts[node] = new Tmkms(Path.Combine(Net.Folder, "kms-" + node), Net.Home(node), FreePorts.Block(1));
            await _hosts[node].MakeAsync(away, node == Node ? HrsFileOf(node) : null, cancellationToken);
        }

        // Before the interlock somebody started it by hand.
        _first = ChildProgram.Start("tmkms", _hosts[Node].Command.Skip(1));
        await LabNet.RunAsync(["start", Net.Folder, Node], cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        foreach (Tmkms host in _hosts.Values)
        {
            await host.KillAsync(CancellationToken.None);
        }

        if (_first is not null)
        {
            await _first.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
