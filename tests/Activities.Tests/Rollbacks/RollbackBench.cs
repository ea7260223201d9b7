using System.Diagnostics;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.Nodes.Process;
using VirtEngine.DR.Activities.Nodes.Rollbacks;
using VirtEngine.DR.Activities.Nodes.Stores;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Backups.Tests.Snapshots;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Rollbacks;

/// <summary>A real chain's node that made some blocks and was stopped.</summary>
internal sealed class RollbackBench : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private LabChain? _chain;

    public string Home { get; private set; } = "";

    /// <summary>The newest height that its RPC told before the stop.</summary>
    public long Told { get; private set; }

    public NodeTarget Target { get; private set; } = null!;

    public RollbackActivities Activities { get; } = new(new Rollbacker(NodeControls.Default));

    public StoreActivities Stores { get; } = new(NodeControls.Default);

    public string SigningState => File.ReadAllText(Path.Combine(Home, "data", "priv_validator_state.json"));

    public static async Task<RollbackBench> StoppedAsync(CancellationToken token)
    {
        LabChain.Demand("labchaind", "labnet");
        var bench = new RollbackBench();
        bench._chain = await LabChain.StartAsync(bench._folder.File("net"), "200ms", 0);
        bench.Home = bench._chain.Home;
        bench.Target = new NodeTarget(
            new NodeSpec { Name = "node0", Kind = NodeKind.Full, Region = "r1", Home = bench.Home, Control = new ControlSpec { Type = "process", Command = ["labchaind", "start", "--home", "{home}"] } },
            new ChainSpec { Id = "lab-1", Commands = new CommandProfile { Binary = "labchaind" } },
            "digest");
        bench.Told = await bench._chain.HeightAsync();
        ShellNode.Signal("TERM", bench._chain.Node.Pid);
        await Eventually.TrueAsync(() => LockHolders.Find(Path.Combine(bench.Home, "data")).Holders.Count == 0 && bench._chain.Node.Ended, "the node has closed its databases", 60);
        return bench;
    }

    public RollbackAct Act(long from, bool hard, int number = 1, int most = 3, string run = "run-1") =>
        new(new StepKey("wf-" + run, run, run, "rollback", "do", number), Target, from, hard, most);

    public async Task<(long Blocks, long State, long Application)> HeightsAsync()
    {
        var stores = await Stores.LookAsync(Target);
        return (stores.Blocks.Height!.Value, stores.State.Height!.Value, stores.Application.Height!.Value);
    }

    /// <summary>As a worker leaves it that was killed: the ledger written, the command in whatever state.</summary>
    public void WriteLedger(long from, bool hard, ProcessRecord process, string run = "run-1") =>
        new RollbackLedger([new RollbackEntry("wf-" + run, run, from, hard, DateTimeOffset.UtcNow, process, null)]).Write(NodeHome.Of(Target.Node));

    /// <summary>The record of a process that is gone.</summary>
    public static ProcessRecord Gone()
    {
        using var ended = Process.Start("true");
        ended.WaitForExit();
        return new ProcessRecord(ended.Id, 1, ProcFs.BootId, ["labchaind"], DateTimeOffset.UtcNow);
    }

    public async ValueTask DisposeAsync()
    {
        if (_chain is not null)
        {
            await _chain.DisposeAsync();
        }

        _folder.Dispose();
    }
}
