using Temporalio.Activities;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Contracts.Forensics;

namespace VirtEngine.DR.Activities.Forensics;

/// <summary>Forensic copies on the node's own host.</summary>
/// <param name="preserver">Makes them.</param>
/// <param name="forecaster">Says what one would be.</param>
/// <param name="repositories">Opens the bucket.</param>
public sealed class ForensicActivities(Preserver preserver, Forecaster forecaster, RepositoryAccess repositories) : IForensicActivities
{
    /// <inheritdoc/>
    [Activity("forensics.forecast")]
    public Task<ForensicForecast> ForecastAsync(ForensicAct act) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(
        () => forecaster.ForecastAsync(act, NodeHome.Of(act.Slice.Target.Node), token)));

    /// <inheritdoc/>
    [Activity("forensics.look")]
    public Task<ForensicState> LookAsync(ForensicAct act) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(async () =>
    {
        var home = NodeHome.Of(act.Slice.Target.Node);
        if (ForensicBucket.Of(act.Slice) is { } bucket && await ForensicBucket.FindAsync(repositories, act, bucket, token).ConfigureAwait(false) is { } found)
        {
            return new ForensicState(ForensicProgress.Complete, await preserver.ReceiptAsync(act, home, bucket, found, token).ConfigureAwait(false));
        }

        return new ForensicState(Preserver.Record(home, act.Key.FirstRunId) is null ? ForensicProgress.None : ForensicProgress.Partial, null);
    }));

    /// <inheritdoc/>
    [Activity("forensics.preserve")]
    public Task<ForensicReceipt> PreserveAsync(ForensicAct act)
    {
        var progress = new LatestProgress();
        return ActivityScope.HeartbeatingAsync(
            token => BackupFailures.GuardAsync(async () =>
            {
                var home = NodeHome.Of(act.Slice.Target.Node);
                using var fence = await HomeFence.AcquireAsync(home, act.Key, token).ConfigureAwait(false);
                return await preserver.PreserveAsync(act, home, fence, progress, token).ConfigureAwait(false);
            }),
            () => progress.Last);
    }
}
