using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;

namespace VirtEngine.DR.Activities.Tests.Worker;

/// <summary>RB-DR-006 of another version: it only waits, which no version of ours does first.</summary>
[Workflow(WorkflowTypes.BackupRestore)]
public sealed class ChangedRestore
{
    private bool done;

    [WorkflowRun]
    public async Task RunAsync(BackupRestoreInput input)
    {
        await Workflow.DelayAsync(TimeSpan.FromMilliseconds(1));
        await Workflow.WaitConditionAsync(() => done);
    }

    [WorkflowSignal("done")]
    public Task DoneAsync()
    {
        done = true;
        return Task.CompletedTask;
    }

    [WorkflowQuery("waits")]
    public bool Waits() => !done;
}
