using Temporalio.Activities;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Backups.Preparing;

/// <summary>Prepares a node's home from its configuration backup, under the home's lock and the attempt's number.</summary>
public sealed class HomeActivities(HomePreparer preparer) : IHomeActivities
{
    private readonly ConfigurationReplacer replacer = new(preparer);

    /// <inheritdoc/>
    [Activity("home.observe")]
    public Task<HomeObservation> ObserveAsync(RestoreAct act) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(() =>
    {
        token.ThrowIfCancellationRequested();
        return Task.FromResult(HomeRecords.Observe(act, NodeHome.Of(act.Slice.Target.Node)));
    }));

    /// <inheritdoc/>
    [Activity("home.prepare")]
    public Task<HomeObservation> PrepareAsync(RestoreAct act)
    {
        var progress = new LatestProgress();
        return FencedAsync(act, (home, fence, token) => preparer.PrepareAsync(act, home, fence, progress, token), progress);
    }

    /// <inheritdoc/>
    [Activity("home.unprepare")]
    public Task<HomeObservation> UnprepareAsync(RestoreAct act) => FencedAsync(act, (home, fence, token) => HomePreparer.UnprepareAsync(act, home, fence, token));

    /// <inheritdoc/>
    [Activity("home.compare")]
    public Task<ConfigurationComparison> CompareAsync(RestoreAct act)
    {
        var progress = new LatestProgress();
        return FencedAsync(act, (home, _, token) => replacer.CompareAsync(act, home, progress, token), progress);
    }

    /// <inheritdoc/>
    [Activity("home.replace")]
    public Task<HomeObservation> ReplaceAsync(ReplaceAct act)
    {
        var progress = new LatestProgress();
        return FencedAsync(act.Act, (home, fence, token) => replacer.ReplaceAsync(act, home, fence, progress, token), progress);
    }

    /// <inheritdoc/>
    [Activity("home.put-back")]
    public Task<HomeObservation> PutBackAsync(RestoreAct act) => FencedAsync(act, (home, fence, token) => ConfigurationReplacer.PutBackAsync(act, home, fence, token));

    /// <inheritdoc/>
    [Activity("home.make-node-key")]
    public Task<HomeObservation> MakeNodeKeyAsync(RestoreAct act) => FencedAsync(act, (home, fence, token) => HomePreparer.MakeNodeKeyAsync(act, home, fence, token));

    /// <inheritdoc/>
    [Activity("home.remove-node-key")]
    public Task<HomeObservation> RemoveNodeKeyAsync(RestoreAct act) => FencedAsync(act, (home, fence, token) => HomePreparer.RemoveNodeKeyAsync(act, home, fence, token));

    private static Task<T> FencedAsync<T>(
        RestoreAct act, Func<NodeHome, IFence, CancellationToken, Task<T>> work, LatestProgress? progress = null) =>
        ActivityScope.HeartbeatingAsync(
            token => BackupFailures.GuardAsync(async () =>
            {
                var home = NodeHome.Of(act.Slice.Target.Node);
                using var fence = await HomeFence.AcquireAsync(home, act.Key, token).ConfigureAwait(false);
                return await work(home, fence, token).ConfigureAwait(false);
            }),
            () => progress?.Last);
}
