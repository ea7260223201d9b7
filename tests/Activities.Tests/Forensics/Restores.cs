using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Chain.CometBft;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Forensics;

namespace VirtEngine.DR.Activities.Tests.Forensics;

/// <summary>Tries to restore a forensic copy as if it were a backup.</summary>
internal sealed class Restores(ForensicBench bench) : IDisposable
{
    private readonly TempFolder _state = new();
    private readonly CometBftRpcFactory _rpcs = new();

    public Task<StagedState> StageAsync(ForensicReceipt receipt)
    {
        var activities = new RestoreActivities(bench.Access, new Restorer(NodeControls.Default, _rpcs), new Prover(bench.Access, _rpcs, new ActivityPaths(_state.Path)));
        var backup = new BackupRef { Chain = "c-1", Node = "fullnode-0", Kind = BackupKinds.Forensic, Id = receipt.Id, ManifestKey = receipt.Key, Digest = receipt.Digest };
        return activities.StageAsync(new RestoreAct(bench.Act(9).Key, bench.Slice with { Buckets = [bench.Slice.Forensics!] }, backup, []));
    }

    public void Dispose()
    {
        _rpcs.Dispose();
        _state.Dispose();
    }
}
