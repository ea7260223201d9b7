using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Notify;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Backups;

/// <summary>The calls that backups make: which activity, on which queue, under which policy.</summary>
public static class BackupCalls
{
    /// <summary>The node's slice of the estate.</summary>
    public static Task<NodeSlice> NodeAsync(string node) =>
        Workflow.ExecuteActivityAsync((IEstateActivities a) => a.NodeAsync(node), Policies.Probe("reads the estate: " + node));

    /// <summary>The named node, or all that the estate backs up.</summary>
    public static async Task<IReadOnlyList<string>> NodesAsync(string? node, string kind) => node is { Length: > 0 }
        ? [node]
        : await Workflow.ExecuteActivityAsync((IEstateActivities a) => a.BackedUpNodesAsync(kind), Policies.Probe("lists the nodes to back up"));

    /// <summary>Takes the instant; never retried under the same key.</summary>
    public static Task<CaptureReceipt> CaptureAsync(CaptureCommand command) => Workflow.ExecuteActivityAsync(
        (IBackupActivities a) => a.CaptureAsync(command), Policies.Once("captures " + Name(command.Slice)).OnNode(Name(command.Slice)));

    /// <summary>Uploads; heard by the given token only.</summary>
    public static Task<BackupReceipt> UploadAsync(UploadCommand command, CancellationToken cancellation)
    {
        var options = Policies.Transfer("uploads " + Name(command.Slice)).OnNode(Name(command.Slice));
        options.CancellationToken = cancellation;
        return Workflow.ExecuteActivityAsync((IBackupActivities a) => a.UploadAsync(command), options);
    }

    /// <summary>Drops a staging folder.</summary>
    public static Task DiscardAsync(UploadCommand command) => Workflow.ExecuteActivityAsync(
        (IBackupActivities a) => a.DiscardAsync(command), Policies.Mutate("discards the staging").OnNode(Name(command.Slice)));

    /// <summary>Copies a backup to another region.</summary>
    public static Task<VerificationReport> ReplicateAsync(ReplicateCommand command) => Workflow.ExecuteActivityAsync(
        (IRepositoryActivities a) => a.ReplicateAsync(command), Policies.Transfer("replicates to " + command.To.Region));

    /// <summary>Chooses a backup.</summary>
    public static Task<BackupChoice> ChooseAsync(ChooseCommand command) => Workflow.ExecuteActivityAsync(
        (IRepositoryActivities a) => a.ChooseAsync(command), Policies.Probe($"chooses a backup ({command.Selector})"));

    /// <summary>Rungs 1 to 3.</summary>
    public static Task<VerificationReport> VerifyAsync(VerifyCommand command) => Workflow.ExecuteActivityAsync(
        (IRepositoryActivities a) => a.VerifyAsync(command),
        Policies.Transfer(FormattableString.Invariant($"verifies {command.Bucket.Region} up to rung {command.Rung}")));

    /// <summary>Rung 4, on the node's own host.</summary>
    public static Task<VerificationReport> ProveAsync(VerifyCommand command) => Workflow.ExecuteActivityAsync(
        (IRestoreActivities a) => a.ProveAsync(command), Policies.Transfer("proves by a started node").OnNode(Name(command.Slice)));

    /// <summary>Prunes one node's backups of one kind in one region.</summary>
    public static Task<PruneOutcome> PruneAsync(PruneCommand command) => Workflow.ExecuteActivityAsync(
        (IRepositoryActivities a) => a.PruneAsync(command), Policies.Transfer($"prunes {command.Kind} in {command.Bucket.Region}"));

    /// <summary>What restores kept on the node's host.</summary>
    public static Task<IReadOnlyList<KeptFolder>> KeptAsync(KeptQuery query) => Workflow.ExecuteActivityAsync(
        (IRestoreActivities a) => a.KeptAsync(query), Policies.Probe("lists kept data").OnNode(Name(query.Slice)));

    /// <summary>Deletes one kept folder.</summary>
    public static Task<long> DropKeptAsync(KeptDrop drop) => Workflow.ExecuteActivityAsync(
        (IRestoreActivities a) => a.DropKeptAsync(drop), Policies.Transfer("deletes " + drop.Name).OnNode(Name(drop.Slice)));

    /// <summary>The node's health.</summary>
    public static Task<HealthReport> HealthAsync(HealthQuery query) => Workflow.ExecuteActivityAsync(
        (IChainActivities a) => a.HealthAsync(query), Policies.Probe("health of " + query.Node.Node));

    /// <summary>Tells people.</summary>
    public static Task<IReadOnlyList<NotifyReceipt>> NotifyAsync(Notification notification) => Workflow.ExecuteActivityAsync(
        (INotifyActivities a) => a.SendAsync(notification), Policies.Page("tells: " + notification.Summary[..Math.Min(80, notification.Summary.Length)]));

    private static string Name(NodeSlice slice) => slice.Target.Node.Name;
}
