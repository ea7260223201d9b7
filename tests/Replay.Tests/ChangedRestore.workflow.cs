using Temporalio.Converters;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Replay.Tests;

/// <summary>Asks the estate only after a pause: not what was recorded.</summary>
[Workflow(WorkflowTypes.BackupRestore)]
public sealed class ChangedRestore
{
    /// <summary>Runs.</summary>
    [WorkflowRun]
    public async Task<RunState?> RunAsync(BackupRestoreInput input)
    {
        await Workflow.DelayAsync(TimeSpan.FromSeconds(1));
        await Workflow.ExecuteActivityAsync((IEstateActivities a) => a.NodeAsync(input.Node), new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) });
        return null;
    }

    /// <summary>Takes the recorded approvals.</summary>
    [WorkflowSignal(Dynamic = true)]
    public Task AnySignalAsync(string name, IRawValue[] args) => Task.CompletedTask;

    /// <summary>Takes the recorded updates.</summary>
    [WorkflowUpdate(Dynamic = true)]
    public Task<string> AnyUpdateAsync(string name, IRawValue[] args) => Task.FromResult(name);
}
