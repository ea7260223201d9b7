using Temporalio.Activities;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Nodes.Rollbacks;

/// <summary>Rollbacks on the node's own host.</summary>
/// <param name="rollbacker">Does them.</param>
public sealed class RollbackActivities(Rollbacker rollbacker) : IRollbackActivities
{
    /// <inheritdoc/>
    [Activity("rollback.look")]
    public Task<RollbackState> LookAsync(RollbackAct act) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(
        () => Task.Run(() => rollbacker.LookAsync(act, NodeHome.Of(act.Target.Node), token), token)));

    /// <inheritdoc/>
    [Activity("rollback.one")]
    public Task<RollbackState> OneAsync(RollbackAct act) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(async () =>
    {
        var home = NodeHome.Of(act.Target.Node);
        using var fence = await HomeFence.AcquireAsync(home, act.Key, token).ConfigureAwait(false);
        return await Task.Run(() => rollbacker.OneAsync(act, home, fence, token), token).ConfigureAwait(false);
    }));
}
