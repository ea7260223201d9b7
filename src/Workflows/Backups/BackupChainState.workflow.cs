using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Locks;

namespace VirtEngine.DR.Workflows.Backups;

/// <summary>Backs up a node's chain state.</summary>
[Workflow(WorkflowTypes.BackupChainState)]
public sealed class BackupChainStateWorkflow
{
    private readonly BackupSeries series = new(WorkflowTypes.BackupChainState, BackupKinds.ChainState);

    /// <summary>Backs up the node, or all of them.</summary>
    [WorkflowRun]
    public Task<BackupOutcome> RunAsync(BackupInput input) => series.RunAsync(input);

    /// <summary>A run of a higher rank wants the node.</summary>
    [WorkflowSignal(LockVerbs.Yield)]
    public Task YieldAsync(LockHolder claimant)
    {
        series.Yield(claimant);
        return Task.CompletedTask;
    }
}
