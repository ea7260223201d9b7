using Temporalio.Activities;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>Restores on the node's own host: stage, verify, swap, and back.</summary>
public sealed class RestoreActivities(RepositoryAccess repositories, Restorer restorer, Prover prover) : IRestoreActivities
{
    /// <inheritdoc/>
    [Activity("restore.staged")]
    public Task<StagedState> StagedAsync(RestoreAct act) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(() =>
    {
        token.ThrowIfCancellationRequested();
        var record = Restorer.ReadStaged(NodeHome.Of(act.Slice.Target.Node), act.Backup.Digest);
        return Task.FromResult(record is null ? new StagedState(null, false, 0, 0, 0) : new StagedState(record.Folder, true, record.Files, record.Bytes, 0));
    }));

    /// <inheritdoc/>
    [Activity("restore.stage")]
    public Task<StagedState> StageAsync(RestoreAct act) => StageAsync(act, again: false);

    /// <inheritdoc/>
    [Activity("restore.verify-staged")]
    public Task<StagedState> VerifyStagedAsync(RestoreAct act) => StageAsync(act, again: true);

    /// <inheritdoc/>
    [Activity("restore.swapped")]
    public Task<SwapState> SwappedAsync(RestoreAct act) =>
        ActivityScope.HeartbeatingAsync(_ => BackupFailures.GuardAsync(() => Restorer.StateAsync(act)));

    /// <inheritdoc/>
    [Activity("restore.swap")]
    public Task<SwapState> SwapAsync(RestoreAct act) => FencedAsync(act, restorer.SwapAsync);

    /// <inheritdoc/>
    [Activity("restore.swap-back")]
    public Task<SwapState> SwapBackAsync(RestoreAct act) => FencedAsync(act, restorer.SwapBackAsync);

    /// <inheritdoc/>
    [Activity("restore.drop-staged")]
    public Task DropStagedAsync(RestoreAct act) => FencedAsync(act, async (_, fence, token) =>
    {
        fence.EnsureCurrent();
        await Restorer.DropStagedAsync(NodeHome.Of(act.Slice.Target.Node), act.Backup.Digest, token).ConfigureAwait(false);
        return true;
    });

    /// <inheritdoc/>
    [Activity("restore.kept")]
    public Task<IReadOnlyList<KeptFolder>> KeptAsync(KeptQuery query) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(
        () => Task.Run(() => KeptFolders.ListAsync(NodeHome.Of(query.Slice.Target.Node), token), token)));

    /// <inheritdoc/>
    [Activity("restore.drop-kept")]
    public Task<long> DropKeptAsync(KeptDrop drop) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(async () =>
    {
        var home = NodeHome.Of(drop.Slice.Target.Node);
        using var fence = await HomeFence.AcquireAsync(home, drop.Key, token).ConfigureAwait(false);
        return await KeptFolders.DropAsync(home, drop.Name, fence, token).ConfigureAwait(false);
    }));

    /// <inheritdoc/>
    [Activity("restore.prove")]
    public Task<VerificationReport> ProveAsync(VerifyCommand command)
    {
        var progress = new LatestProgress();
        return ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(() => prover.ProveAsync(command, progress, token)), () => progress.Last);
    }

    private static Task<T> FencedAsync<T>(RestoreAct act, Func<RestoreAct, IFence, CancellationToken, Task<T>> work) =>
        ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(async () =>
        {
            using var fence = await HomeFence.AcquireAsync(NodeHome.Of(act.Slice.Target.Node), act.Key, token).ConfigureAwait(false);
            return await work(act, fence, token).ConfigureAwait(false);
        }));

    private Task<StagedState> StageAsync(RestoreAct act, bool again)
    {
        var progress = new LatestProgress();
        return ActivityScope.HeartbeatingAsync(
            token => BackupFailures.GuardAsync(async () =>
            {
                var home = NodeHome.Of(act.Slice.Target.Node);

                // Verifying is a look: it carries no number of its own and changes nothing but the staging, under the lock.
                using var fence = again
                    ? await HomeFence.AcquireForReadingAsync(home, act.Key, token).ConfigureAwait(false)
                    : await HomeFence.AcquireAsync(home, act.Key, token).ConfigureAwait(false);
                if (again && Restorer.ReadStaged(home, act.Backup.Digest) is null)
                {
                    throw Failures.Permanent(ErrorTypes.Conflict, $"backup {act.Backup.Id} is not staged on '{act.Slice.Target.Node.Name}' any more: stage it again");
                }

                var sources = await repositories.OpenAnyAsync(act.Slice, act.Regions, token).ConfigureAwait(false);
                Directory.CreateDirectory(Restorer.StagingParent(home), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                fence.EnsureCurrent();
                var staged = await new RestoreStager(new RestoreOptions())
                    .StageAsync(sources, act.Backup.ManifestKey, Restorer.StagingParent(home), progress, token).ConfigureAwait(false);
                if (staged.Digest != act.Backup.Digest)
                {
                    throw Failures.Permanent(ErrorTypes.Untrusted, $"the manifest of {act.Backup.Id} has digest {staged.Digest} now; chosen was {act.Backup.Digest}");
                }

                var state = new StagedState(staged.Folder, true, staged.Manifest.Files.Count, staged.Manifest.PlainBytes(), staged.BytesDownloaded);
                Restorer.WriteStaged(home, act.Backup.Digest, new StagedRecord(staged.Folder, state.Files, state.Bytes));
                return state;
            }),
            () => progress.Last);
    }
}
