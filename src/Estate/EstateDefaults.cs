using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Estates;

/// <summary>
/// What holds where an estate says nothing: the disaster-recovery plan's tables and schedules. The defaults of single fields stand on the
/// records in Contracts; <see cref="EstateSchema"/> prints both, so that the reference page cannot drift from them.
/// </summary>
public static class EstateDefaults
{
    /// <summary>The incident classes.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["D1", "D2", "D3", "D4", "D5"];

    /// <summary>The plan's recovery time objectives in minutes, by class D1 to D5; -1 means not applicable. An archive node counts as a full node.</summary>
    private static readonly (NodeKind Kind, int[] Minutes)[] RtoMinutes =
    [
        (NodeKind.Validator, [5, 15, 30, 60, 15]),
        (NodeKind.Full, [15, 30, 60, 120, -1]),
        (NodeKind.Archive, [15, 30, 60, 120, -1]),
        (NodeKind.Provider, [5, 15, 30, 60, 30]),
        (NodeKind.Gateway, [2, 10, 20, 30, -1]),
        (NodeKind.Monitoring, [15, 30, 60, 60, -1]),
    ];

    /// <summary>The plan's recovery time objectives, complete: every kind in every class.</summary>
    public static IReadOnlyList<RtoSpec> Rto { get; } =
    [
        .. RtoMinutes.SelectMany(row => row.Minutes.Select((minutes, i) =>
            new RtoSpec(row.Kind, Classes[i], minutes < 0 ? null : TimeSpan.FromMinutes(minutes)))),
    ];

    /// <summary>The plan's recovery point objectives; provider state is not in its table and gets the distance of its schedule.</summary>
    public static IReadOnlyList<RpoSpec> Rpo { get; } =
    [
        new(BackupKinds.ChainState, TimeSpan.Zero),
        new(BackupKinds.ProviderState, TimeSpan.FromHours(4)),
        new(BackupKinds.Configuration, TimeSpan.FromHours(1)),
        new("validator-keys", TimeSpan.Zero),
        new("provider-keys", TimeSpan.Zero),
        new("metrics", TimeSpan.FromHours(24)),
    ];

    /// <summary>The plan's retention. Chain state also keeps the last ten, which is what the plan keeps on the host.</summary>
    public static IReadOnlyList<RetentionSpec> Retention { get; } =
    [
        new(BackupKinds.ChainState, 10, 0, 0, 0, 0, TimeSpan.FromDays(90)),
        new(BackupKinds.ProviderState, 10, 0, 0, 0, 0, TimeSpan.FromDays(90)),
        new(BackupKinds.Configuration, 10, 0, 0, 0, 0, TimeSpan.FromDays(30)),
    ];

    /// <summary>The plan's schedules (UTC). What has nothing to do in an estate is not scheduled there.</summary>
    public static IReadOnlyList<ScheduleSpec> Schedules { get; } =
    [
        new(WorkflowTypes.BackupChainState, "0 */4 * * *", TimeSpan.FromHours(1)),
        new(WorkflowTypes.BackupProviderState, "30 */4 * * *", TimeSpan.FromHours(1)),
        new(WorkflowTypes.BackupConfiguration, "15 * * * *", TimeSpan.FromMinutes(30)),
        new(WorkflowTypes.VerifyBackups, "0 1 * * *", TimeSpan.FromHours(6)),
        new(WorkflowTypes.PruneBackups, "0 3 * * *", TimeSpan.FromHours(6)),
        new(WorkflowTypes.TrustAnchors, "5 * * * *", TimeSpan.FromMinutes(30)),
        new(WorkflowTypes.CheckSchedules, "*/15 * * * *", TimeSpan.FromMinutes(10)),
    ];

    /// <summary>How a node's chain state is backed up where its entry does not say: a validator is not copied unless somebody says so.</summary>
    public static BackupMethod Backup(NodeKind kind) => kind is NodeKind.Full or NodeKind.Archive ? BackupMethod.Frozen : BackupMethod.None;
}
