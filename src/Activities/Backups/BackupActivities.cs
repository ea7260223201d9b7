using Temporalio.Activities;
using VirtEngine.DR.Activities.Backups.Captures;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.Nodes.Process;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Verification;
using VirtEngine.DR.Backups.Writing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>Takes a backup on the node's own host: capture, upload, discard.</summary>
public sealed class BackupActivities(Capturer capturer, RepositoryAccess repositories) : IBackupActivities
{
    /// <inheritdoc/>
    [Activity("backup.capture")]
    public Task<CaptureReceipt> CaptureAsync(CaptureCommand command) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(async () =>
    {
        RepositoryAccess.RequireEncryption(command.Slice, command.Kind);
        var home = NodeHome.Of(command.Slice.Target.Node);
        using var fence = await HomeFence.AcquireAsync(home, command.Key, token).ConfigureAwait(false);
        CaptureFolder.DropLeftovers(home);
        var folder = CaptureFolder.Of(home, command.Key);
        return folder.ReadIndex()?.Receipt ?? await capturer.CaptureAsync(command, home, folder, fence, token).ConfigureAwait(false);
    }));

    /// <inheritdoc/>
    [Activity("backup.upload")]
    public Task<BackupReceipt> UploadAsync(UploadCommand command)
    {
        var progress = new LatestProgress();
        return ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(() => UploadAsync(command, progress, token)), () => progress.Last);
    }

    /// <inheritdoc/>
    [Activity("backup.discard")]
    public Task DiscardAsync(UploadCommand command) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(() =>
    {
        token.ThrowIfCancellationRequested();
        CaptureFolder.Of(NodeHome.Of(command.Slice.Target.Node), command.Capture.Staging).Drop();
        return Task.FromResult(true);
    }));

    private static async Task ConfirmAsync(UploadCommand command, VirtEngine.DR.Backups.Repositories.BackupRepository repository, BackupResult result, CancellationToken token)
    {
        var records = await new BackupVerifier(new VerifierOptions(command.Key.WorkflowId))
            .VerifyAsync(repository, result.Key, Rung.Listed, progress: null, token).ConfigureAwait(false);
        if (records is [.., { Passed: false } failed])
        {
            throw Failures.Transient($"the backup {result.Id} was written and does not pass rung 1 in {failed.Region}: {string.Join("; ", failed.Problems)}");
        }
    }

    private async Task<BackupReceipt> UploadAsync(UploadCommand command, LatestProgress progress, CancellationToken token)
    {
        RepositoryAccess.RequireEncryption(command.Slice, command.Kind);
        var node = command.Slice.Target.Node;
        var home = NodeHome.Of(node);
        var folder = CaptureFolder.Of(home, command.Capture.Staging);
        var index = folder.ReadIndex();
        if (index is null || index.BootId != ProcFs.BootId)
        {
            folder.Drop();
            throw Failures.Permanent(ErrorTypes.Discarded, $"the capture in '{folder.Path}' is gone or older than this host's boot; a new attempt takes a new instant");
        }

        if (command.Slice.Buckets.Count == 0)
        {
            throw Failures.Permanent(ErrorTypes.NotConfigured, "no region of the estate has a bucket: set regions[].bucket");
        }

        var bucket = command.Slice.Buckets.FirstOrDefault(one => one.Region == node.Region, command.Slice.Buckets[0]);
        var repository = await repositories.OpenForWritingAsync(command.Slice, bucket, command.Kind, token).ConfigureAwait(false);
        await using var snapshot = new StagedSnapshot(folder, index);
        BackupResult result;
        try
        {
            var writer = new BackupWriter(repository, new WriterOptions(
                BytesPerSecond: command.Slice.Backups.RateLimit, IndexFolder: Path.Combine(home.Private, "index"), LockFor: bucket.Lock)
            {
                ReadBytesPerSecond = command.Slice.Backups.ReadRate,
                IdleReads = command.Slice.Backups.IoPriority == "idle",
            });
            result = await writer.WriteAsync(snapshot, Describe(command, index), progress, token).ConfigureAwait(false);
        }
        catch (Exception e) when (BackupFailures.Map(e)?.ErrorType == ErrorTypes.NoSpace || e is Temporalio.Exceptions.ApplicationFailureException { ErrorType: ErrorTypes.NoSpace })
        {
            folder.Drop();
            throw;
        }

        await ConfirmAsync(command, repository, result, token).ConfigureAwait(false);
        HostHeads.Remember(home, result.Manifest.Scope(), result.Id);
        return Receipt(result, bucket.Region, snapshot);
    }

    private static BackupDescription Describe(UploadCommand command, CaptureIndex index)
    {
        var node = command.Slice.Target.Node;
        return new BackupDescription(
            BackupNames.Scope(command.Slice, command.Kind),
            node.Region,
            command.Capture.Height,
            command.Capture.AppHash,
            index.BlockTime,
            command.Kind == Contracts.Backups.BackupKinds.ChainState ? node.Database : null,
            index.BinaryVersion,
            AppVersion: null,
            Parent: HostHeads.Read(NodeHome.Of(node), BackupNames.Scope(command.Slice, command.Kind)),
            Id: BackupNames.Id(command.Capture, command.BackupId))
        {
            Rooted = command.Kind == Contracts.Backups.BackupKinds.Configuration && index.Files.All(file => VirtEngine.DR.Backups.Manifests.ManifestRoots.IsRooted(file.Path)),
        };
    }

    private static BackupReceipt Receipt(BackupResult result, string region, StagedSnapshot snapshot) => new(
        BackupRefs.Of(result.Manifest, result.Id, result.Key, result.Digest),
        [region],
        [],
        result.BytesUploaded,
        Math.Max(0, snapshot.Files.Count - snapshot.Opened),
        snapshot.Instant.Pause,
        snapshot.Instant.Method);
}
