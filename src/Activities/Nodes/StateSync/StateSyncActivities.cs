using System.Globalization;
using Temporalio.Activities;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Nodes.StateSync;

/// <summary>State sync on the node's own host. The data folder itself is swapped as a restore's is (<c>restore.swap</c>); here is what comes before and after.</summary>
/// <param name="controls">The node's process.</param>
/// <param name="rpcs">Opens its RPC.</param>
public sealed class StateSyncActivities(NodeControls controls, IChainRpcFactory rpcs) : IStateSyncActivities
{
    private const int LogBytes = 512 << 10;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    [Activity("statesync.source")]
    public Task<SnapshotSource> SourceAsync(NodeTarget target) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(
        () => Task.Run(() => SnapshotSettings.Source(target.Node, NodeHome.Of(target.Node)), token)));

    /// <inheritdoc/>
    [Activity("statesync.look")]
    public Task<StateSyncState> LookAsync(StateSyncAct act) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(
        () => Task.Run(() => Look(act), token)));

    /// <inheritdoc/>
    [Activity("statesync.stage")]
    public Task<StateSyncState> StageAsync(StateSyncAct act) => FencedAsync(act, (home, fence) =>
    {
        var folder = RestoreStager.FolderOf(Restorer.StagingParent(home), act.Digest);
        fence.EnsureCurrent();

        // What is kept there after a swap has another name: this one holds nothing but the empty folders.
        foreach (var name in new[] { home.Layout.DatabaseFolder, Path.GetDirectoryName(home.Layout.WalFile) ?? "" }.Where(name => name.Length > 0 && !Path.IsPathRooted(name) && !name.Contains("..", StringComparison.Ordinal)))
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }

        DurableFile.SyncFolder(folder);
        Restorer.WriteStaged(home, act.Digest, new StagedRecord(folder, 0, 0));
    });

    /// <inheritdoc/>
    [Activity("statesync.configure")]
    public Task<StateSyncState> ConfigureAsync(StateSyncAct act) => FencedAsync(act, (home, fence) =>
    {
        if (SnapshotSettings.Refusal(act.Target.Node, home) is { } refusal)
        {
            throw Failures.Permanent(ErrorTypes.Forbidden, refusal);
        }

        StateSyncConfigurator.Configure(home, act, fence);
    });

    /// <inheritdoc/>
    [Activity("statesync.restore-configuration")]
    public Task<StateSyncState> RestoreConfigurationAsync(StateSyncAct act) =>
        FencedAsync(act, (home, fence) => StateSyncConfigurator.Restore(home, act, fence));

    /// <inheritdoc/>
    [Activity("statesync.await")]
    public Task<StateSyncOutcome> AwaitAsync(StateSyncAct act)
    {
        var last = "it has not been looked at";
        return ActivityScope.HeartbeatingAsync(
            async token =>
            {
                var node = act.Target.Node;
                if (node.Rpc is not { } url)
                {
                    throw Failures.Permanent(ErrorTypes.NotConfigured, $"'{node.Name}' has no RPC in the estate: whether it synced cannot be seen");
                }

                var rpc = rpcs.Create(new Uri(url));
                var deadline = DateTime.UtcNow + act.Within;
                while (true)
                {
                    (var status, last) = await StatusAsync(rpc, token).ConfigureAwait(false);

                    // The first block after the snapshot is what a node shows as its height; one that begins at block 1 took none.
                    if (status is { Height: > 0, EarliestHeight: > 1 })
                    {
                        return new StateSyncOutcome(true, status.Height, string.Create(
                            CultureInfo.InvariantCulture, $"it took a snapshot and has blocks from {status.EarliestHeight} to {status.Height}"));
                    }

                    var process = await controls.For(node).ObserveAsync(act.Target, token).ConfigureAwait(false);
                    var ended = process.State == ProcessState.Stopped;
                    if (ended || DateTime.UtcNow + Between > deadline)
                    {
                        var why = ended ? "it ended" : string.Create(CultureInfo.InvariantCulture, $"it has not synced within {act.Within.TotalSeconds:0} s ({last})");
                        var trouble = StateSyncTrouble.Read(await controls.For(node).LogAsync(act.Target, LogBytes, token).ConfigureAwait(false));
                        return new StateSyncOutcome(false, status?.Height, trouble is null
                            ? $"{why}; its log says nothing that is known" : $"{why}: {trouble.Meaning}. Its log: {trouble.Line}");
                    }

                    await Task.Delay(Between, token).ConfigureAwait(false);
                }
            },
            () => last);
    }

    private static async Task<(ChainStatus? Status, string Text)> StatusAsync(IChainRpc rpc, CancellationToken token)
    {
        try
        {
            var status = await rpc.StatusAsync(token).ConfigureAwait(false);
            return (status, string.Create(CultureInfo.InvariantCulture, $"height {status.Height}, first block {status.EarliestHeight}"));
        }
        catch (ChainRpcException e)
        {
            return (null, e.Message);
        }
    }

    private static StateSyncState Look(StateSyncAct act)
    {
        var home = NodeHome.Of(act.Target.Node);
        var (state, owner) = StateSyncConfigurator.Look(home, act.Key.FirstRunId);
        return new(state, owner, SnapshotSettings.Refusal(act.Target.Node, home));
    }

    private static Task<StateSyncState> FencedAsync(StateSyncAct act, Action<NodeHome, IFence> work) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(async () =>
    {
        var home = NodeHome.Of(act.Target.Node);
        using var fence = await HomeFence.AcquireAsync(home, act.Key, token).ConfigureAwait(false);
        await Task.Run(() => work(home, fence), token).ConfigureAwait(false);
        return Look(act);
    }));
}
