using System.Diagnostics;
using System.Globalization;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Tests.Support;

/// <summary>A home, and a shell that behaves like a node's process: it keeps LOCK open, goes at SIGTERM, and counts its starts.</summary>
internal sealed class ShellNode : IDisposable
{
    private const string Script =
        "echo started >>\"$1/starts\"; exec 9>\"$1/data/application.db/LOCK\"; trap 'exit 0' TERM; while :; do sleep 0.02 & wait $!; done";

    private readonly TempFolder _folder = new();

    public ShellNode(NodeKind kind = NodeKind.Full, string? script = null)
    {
        Directory.CreateDirectory(Path.Combine(Home, "config"));
        Directory.CreateDirectory(Path.Combine(Home, "data", "application.db"));
        File.WriteAllText(Path.Combine(Home, "config", "config.toml"), "db_dir = \"data\"\npriv_validator_laddr = \"\"\n");
        File.WriteAllText(Path.Combine(Home, "data", "application.db", "CURRENT"), "MANIFEST-000001\n");
        Target = new NodeTarget(
            new NodeSpec
            {
                Name = "fullnode-0",
                Kind = kind,
                Region = "r1",
                Home = Home,
                Control = new ControlSpec { Type = "process", Command = ["sh", "-c", script ?? Script, "node", "{home}"], StopTimeout = TimeSpan.FromSeconds(20) },
            },
            new ChainSpec { Id = "c-1", Commands = new CommandProfile { Binary = "sh", Version = ["-c", "echo v1.2.3"] } },
            "digest");
    }

    public string Home => _folder.Path;

    public NodeTarget Target { get; set; }

    public int Starts => File.Exists(_folder.File("starts")) ? File.ReadAllLines(_folder.File("starts")).Length : 0;

    public NodeAct Act(int number = 1, string run = "run-1", string? runId = null) =>
        new(new StepKey("wf-" + run, run, runId ?? run, "step", "do", number), Target);

    /// <summary>A process outside the engine's care that holds the databases.</summary>
    public Process StartForeign()
    {
        var process = Process.Start(new ProcessStartInfo("sh", ["-c", Script, "node", Home]))!;
        return process;
    }

    public void WriteKey(string publicKey) =>
        File.WriteAllText(Path.Combine(Home, "config", "priv_validator_key.json"), $$$"""{"address":"AA","pub_key":{"type":"tendermint/PubKeyEd25519","value":"{{{publicKey}}}"},"priv_key":{"value":"test"}}""");

    public void WriteGenesis(string publicKey) =>
        File.WriteAllText(Path.Combine(Home, "config", "genesis.json"), $$$"""{"validators":[{"pub_key":{"value":"{{{publicKey}}}"}}]}""");

    public static void Signal(string signal, int pid)
    {
        using var kill = Process.Start("kill", ["-" + signal, pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        var record = Path.Combine(Home, ".virtengine-dr", "process.json");
        if (File.Exists(record))
        {
            var pid = Activities.Common.DurableFile.ReadJson<Activities.Nodes.Process.ProcessRecord>(record)!.Pid;
            if (Activities.Nodes.Process.ProcFs.Stat(pid) is not null)
            {
                Signal("KILL", pid);
            }
        }

        _folder.Dispose();
    }
}
