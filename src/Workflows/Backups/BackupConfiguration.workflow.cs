using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Locks;

namespace VirtEngine.DR.Workflows.Backups;

/// <summary>Backs up configuration and the genesis.</summary>
[Workflow(WorkflowTypes.BackupConfiguration)]
public sealed class BackupConfigurationWorkflow
{
    private readonly BackupSeries series = new(WorkflowTypes.BackupConfiguration, BackupKinds.Configuration);

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
