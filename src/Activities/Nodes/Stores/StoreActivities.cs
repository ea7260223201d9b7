using Temporalio.Activities;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Nodes.Stores;

/// <summary>A stopped node's databases on its own host.</summary>
/// <param name="controls">The node's process.</param>
public sealed class StoreActivities(NodeControls controls) : IStoreActivities
{
    /// <inheritdoc/>
    [Activity("stores.look")]
    public Task<NodeStores> LookAsync(NodeTarget target) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(async () =>
    {
        var home = NodeHome.Of(target.Node);
        return await WhyNotStoppedAsync(target, token).ConfigureAwait(false) is { } why
            ? StoreReader.Unknown(why)
            : await Task.Run(() => StoreReader.Read(target.Node, home), token).ConfigureAwait(false);
    }));

    /// <inheritdoc/>
    [Activity("stores.check")]
    public Task<StoreCheck> CheckAsync(NodeTarget target)
    {
        var home = NodeHome.Of(target.Node);
        var checker = new StoreChecker(target.Node, home);
        return ActivityScope.HeartbeatingAsync(
            token => BackupFailures.GuardAsync(async () => await WhyNotStoppedAsync(target, token).ConfigureAwait(false) is { } why
                ? throw Failures.Permanent(ErrorTypes.Conflict, $"{why}: databases are checked while nobody writes them")
                : await Task.Run(() => checker.Run(token), token).ConfigureAwait(false)),
            () => checker.Now);
    }

    private async Task<string?> WhyNotStoppedAsync(NodeTarget target, CancellationToken token)
    {
        var process = await controls.For(target.Node).ObserveAsync(target, token).ConfigureAwait(false);
        return process.State == ProcessState.Stopped ? null
            : $"'{target.Node.Name}' is {process.State.ToString().ToLowerInvariant()}{(process.Pid is { } pid ? $" (process {pid})" : "")}{string.Concat(process.Notes.Select(note => "; " + note))}";
    }
}
