using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>What goes wrong on the stage.</summary>
public partial class SignerStage
{
    private readonly List<ChildProgram> _byHand = [];
    private int _boots = 1;

    /// <summary>The port slot of a host's node.</summary>
    public static int Slot(string node) => node == Node ? 3 : 4;

    /// <summary>The other host.</summary>
    public static string Other(string node) => node == Node ? Standby : Node;

    /// <summary>Kills the control worker and starts another.</summary>
    public async Task LoseControlAsync(CancellationToken cancellationToken)
    {
        await LoseAsync(_control!, cancellationToken);
        _control = StartControl();
    }

    /// <summary>The validator's host is gone for good: its node and its worker.</summary>
    public async Task DieAsync(CancellationToken cancellationToken)
    {
        await LoseAsync(_worker!, cancellationToken);
        await KillAsync(cancellationToken);
    }

    /// <summary>Kills a host's node worker and starts another.</summary>
    public async Task LoseWorkerAsync(string node, CancellationToken cancellationToken)
    {
        await LoseAsync(node == Node ? _worker! : _standbyWorker!, cancellationToken);
        _ = node == Node ? _worker = StartWorker(node) : _standbyWorker = StartWorker(node);
    }

    /// <summary>Kills the Temporal server and starts it again on its file.</summary>
    public Task LoseServerAsync(CancellationToken cancellationToken) => LoseServerAsync(() => { }, cancellationToken);

    /// <summary>Remembers the Temporal server's database as it is now: a copy between two lives of the server.</summary>
    public Task SaveServerAsync(CancellationToken cancellationToken) => LoseServerAsync(() => CopyDatabase("temporal.db", "temporal.saved"), cancellationToken);

    /// <summary>Puts the Temporal server's database back to what it was when it was saved.</summary>
    public Task RestoreServerAsync(CancellationToken cancellationToken) => LoseServerAsync(() => CopyDatabase("temporal.saved", "temporal.db"), cancellationToken);

    /// <summary>A host loses its power and comes back in another boot; its supervisor starts the node.</summary>
    /// <param name="node">The host.</param>
    /// <param name="disk">What happened to its disk meanwhile.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RebootAsync(string node, Action disk, CancellationToken cancellationToken)
    {
        await KillAsync(node, Slot(node), cancellationToken);
        disk();
        Bench.Boot(node, $"boot-{++_boots}");
        StartByHand(node, granted: false);
    }

    /// <summary>Somebody, or a supervisor, starts a host's node past the runbooks.</summary>
    /// <param name="node">The host.</param>
    /// <param name="granted">By a gate that always grants, which is what the control of the hunt injects; else by the host's own.</param>
    public void StartByHand(string node, bool granted)
    {
        List<string> words = [.. Bench.GatedStart(node)];
        int command = words.IndexOf("--");
        _byHand.Add(granted
            ? ChildProgram.Start(RequiredProgram.Find(words[command + 1]), words.Skip(command + 2))
            : Cli.With(Bench.Variables(node)).Start([.. words.Skip(1).Take(command - 1), "--once", .. words.Skip(command)]));
    }

    private static async Task LoseAsync(ChildProgram program, CancellationToken cancellationToken)
    {
        program.Kill();
        await program.WaitAsync(cancellationToken);
    }

    private async Task LoseServerAsync(Action meanwhile, CancellationToken cancellationToken)
    {
        int port = _temporal!.Port;
        await _temporal.KillAsync(cancellationToken);
        meanwhile();
        _temporal = await TemporalDevServer.StartAsync(_folder["temporal.db"], port, cancellationToken);
    }

    private void CopyDatabase(string from, string to)
    {
        foreach (string suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(_folder[to + suffix]);
            if (File.Exists(_folder[from + suffix]))
            {
                File.Copy(_folder[from + suffix], _folder[to + suffix]);
            }
        }
    }

    private ChildProgram StartControl() => Cli.StartWorker("--role", "control", "--health-port", "0", "--state", _folder["control"]);

    private ChildProgram StartWorker(string node) => HostCli(node).StartWorker("--role", "node", "--node", node, "--health-port", "0", "--state", _folder["worker-" + node]);
}
