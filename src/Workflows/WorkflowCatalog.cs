using VirtEngine.DR.Workflows.Anchors;
using VirtEngine.DR.Workflows.Backups;
using VirtEngine.DR.Workflows.Corruption;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Incidents;
using VirtEngine.DR.Workflows.Runbooks;
using VirtEngine.DR.Workflows.Signers;
using VirtEngine.DR.Workflows.Zones;

namespace VirtEngine.DR.Workflows;

/// <summary>Every workflow that is shipped: the control worker registers these, the replay tests replay these.</summary>
public static class WorkflowCatalog
{
    /// <summary>The workflow classes.</summary>
    public static IReadOnlyList<Type> All { get; } =
    [
        typeof(LockWorkflow),
        typeof(NodeFailureWorkflow),
        typeof(ZoneFailoverWorkflow),
        typeof(ZoneFailbackWorkflow),
        typeof(DataCorruptionWorkflow),
        typeof(BackupRestoreWorkflow),
        typeof(SignerMoveWorkflow),
        typeof(BackupChainStateWorkflow),
        typeof(BackupProviderStateWorkflow),
        typeof(BackupConfigurationWorkflow),
        typeof(VerifyBackupsWorkflow),
        typeof(PruneBackupsWorkflow),
        typeof(CheckSchedulesWorkflow),
        typeof(KeptDataWorkflow),
        typeof(TrustAnchorsWorkflow),
        typeof(EscalationWorkflow),
        typeof(AftermathWorkflow),
    ];
}
