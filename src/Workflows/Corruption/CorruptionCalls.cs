using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Forensics;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>The calls that RB-DR-004 makes beside those of a restore.</summary>
public sealed class CorruptionCalls(NodeSlice slice, StepKeys keys)
{
    private string Node => slice.Target.Node.Name;

    /// <summary>Lays the states of this node and of every other side by side.</summary>
    /// <param name="height">The height that the node's own stores hold; null while it runs and shows it itself.</param>
    public Task<StateComparison> CompareAsync(long? height)
    {
        IReadOnlyList<RpcEndpoint> own = slice.Target.Node.Rpc is { } rpc ? [new(Node, rpc)] : [];
        var query = new StateQuery(slice.Target.Chain.Id, [.. own, .. slice.References]) { Subject = Node, Heights = height is { } at ? [at, at + 1] : [] };
        return Workflow.ExecuteActivityAsync((IChainActivities a) => a.CompareAsync(query), Policies.Probe("compares app hashes at equal heights"));
    }

    /// <summary>The heights in the stopped node's stores.</summary>
    public Task<NodeStores> StoresAsync() => Workflow.ExecuteActivityAsync(
        (IStoreActivities a) => a.LookAsync(slice.Target), Policies.Probe($"reads the heights in the stores of {Node}").OnNode(Node));

    /// <summary>What of the stopped node's databases is torn.</summary>
    public Task<StoreCheck> CheckAsync() => Workflow.ExecuteActivityAsync(
        (IStoreActivities a) => a.CheckAsync(slice.Target), Policies.Transfer($"checks every block of the databases of {Node}").OnNode(Node));

    /// <summary>What a forensic copy would be.</summary>
    public Task<ForensicForecast> ForecastAsync() => Workflow.ExecuteActivityAsync(
        (IForensicActivities a) => a.ForecastAsync(new(keys.Read("preserve"), slice)), Policies.Probe($"forecasts the forensic copy of {Node}").OnNode(Node));

    /// <summary>This run's forensic copy.</summary>
    public Task<ForensicState> CopyAsync() => Workflow.ExecuteActivityAsync(
        (IForensicActivities a) => a.LookAsync(new(keys.Read("preserve"), slice)), Policies.Probe("looks at the forensic copy").OnNode(Node));

    /// <summary>Makes the forensic copy.</summary>
    /// <param name="key">The act's key.</param>
    /// <param name="withoutLock">Also where the bucket is not write-once.</param>
    public Task<ForensicReceipt> PreserveAsync(StepKey key, bool withoutLock)
    {
        var act = new ForensicAct(key, slice) { WithoutLock = withoutLock };
        return Workflow.ExecuteActivityAsync((IForensicActivities a) => a.PreserveAsync(act), Policies.Transfer($"copies what {Node} holds as evidence").OnNode(Node));
    }

    /// <summary>Where this run's rollbacks are.</summary>
    public Task<RollbackState> RollbacksAsync(bool hard) => Workflow.ExecuteActivityAsync(
        (IRollbackActivities a) => a.LookAsync(new(keys.Read("rollback"), slice.Target, 0, hard, VerdictTable.MostRollbacks)), Policies.Probe($"looks at the rollbacks of {Node}").OnNode(Node));

    /// <summary>Undoes one height.</summary>
    /// <param name="key">The act's key.</param>
    /// <param name="from">The block store's height before.</param>
    /// <param name="hard">Also take the block away.</param>
    public Task<RollbackState> UndoHeightAsync(StepKey key, long from, bool hard) => Workflow.ExecuteActivityAsync(
        (IRollbackActivities a) => a.OneAsync(new(key, slice.Target, from, hard, VerdictTable.MostRollbacks)), Policies.Mutate(FormattableString.Invariant($"undoes height {from} of {Node}")).OnNode(Node));
}
