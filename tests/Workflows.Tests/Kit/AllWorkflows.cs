using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>Every workflow that is shipped.</summary>
public static class AllWorkflows
{
    public static IReadOnlyList<Type> Types { get; } = [typeof(LockWorkflow), typeof(BackupRestoreWorkflow)];
}
