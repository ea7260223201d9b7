using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Backups;

/// <summary>
/// One backup of one node: lock, capture, upload, unlock, replicate, verify. The lock covers what happens on the node; whoever
/// needs the node more gets it, and nothing half-done stays behind.
/// </summary>
public sealed class NodeBackup(string workflow, string kind, BackupInput input, StepKeys keys, StopRequest stop, Progress progress)
{
    private const int CaptureAttempts = 3;
    private const int VerifyRung = 2;

    /// <summary>Backs the node up; what went wrong after the backup was committed is added to the failures.</summary>
    /// <exception cref="FailureException">There is no backup.</exception>
    public async Task<BackupReceipt> RunAsync(NodeSlice slice, List<string> failures)
    {
        var node = slice.Target.Node.Name;
        var locks = new LockTaker(new(
            LockTaker.Holder(workflow, input.Operator ?? "schedule", Ranks.Backup, input.Reason ?? $"backs up {kind}"), slice.Channels, null, slice.Simulated));
        progress.Say(node, "takes the lock");
        LockWish[] wishes = [new(Names.LockId("node", node)), new(Names.LockId("region", slice.Target.Node.Region), Shared: true)];
        if (!await locks.TakeAsync(wishes, () => stop.Reason is not null, text => progress.Say(node, text)))
        {
            throw Stopped(node);
        }

        BackupReceipt receipt;
        try
        {
            receipt = await StoreAsync(slice, node, failures);
        }
        catch (FailureException)
        {
            await locks.ReleaseAsync();
            throw;
        }

        await locks.ReleaseAsync();
        receipt = await ReplicateAsync(slice, node, receipt);
        await VerifyAsync(slice, node, receipt, failures);
        progress.Say(node, $"{receipt.Backup.Id} in {string.Join(", ", receipt.Regions)}");
        return receipt;
    }

    private async Task<BackupReceipt> StoreAsync(NodeSlice slice, string node, List<string> failures)
    {
        var capture = await CaptureAsync(slice, node);
        var upload = new UploadCommand(keys.Next("upload", StepKeys.Do), slice, kind, capture, Workflow.NewGuid().ToString("N")[..16]);
        if (stop.Reason is not null)
        {
            throw await DiscardAsync(upload, Stopped(node));
        }

        progress.Say(node, $"uploads {capture.Bytes} bytes in {capture.Files} files, paused for {capture.Pause}");
        using var cancel = new CancellationTokenSource();
        var uploading = BackupCalls.UploadAsync(upload, cancel.Token);
        await Durable.UntilAsync(() => uploading.IsCompleted || stop.Reason is not null);
        if (!uploading.IsCompleted)
        {
#pragma warning disable CA1849 // CancelAsync would leave the workflow's own scheduler.
            cancel.Cancel();
#pragma warning restore CA1849
        }

        try
        {
            var stored = await uploading;
            failures.AddRange((capture.LeftOut ?? []).Select(text => $"{node}: {text}"));
            return stored;
        }
        catch (FailureException e)
        {
            throw await DiscardAsync(upload, cancel.IsCancellationRequested ? Stopped(node) : e);
        }
    }

    private async Task<CaptureReceipt> CaptureAsync(NodeSlice slice, string node)
    {
        for (var attempt = 1; ; attempt++)
        {
            progress.Say(node, FormattableString.Invariant($"captures, attempt {attempt}"));
            try
            {
                return await BackupCalls.CaptureAsync(new(keys.Next("capture", StepKeys.Do), slice, kind));
            }
            catch (ActivityFailureException e) when (attempt < CaptureAttempts && Failure.From(e).Type == ErrorTypes.Discarded)
            {
                // What it holds is not of one instant; only a new key makes a new attempt.
                progress.Say(node, $"attempt {attempt} was discarded: {Failure.From(e).Message}");
            }
        }
    }

    private static async Task<FailureException> DiscardAsync(UploadCommand upload, FailureException cause)
    {
        try
        {
            await BackupCalls.DiscardAsync(upload);
            return cause;
        }
        catch (FailureException e)
        {
            var first = Failure.From(cause);
            return new ApplicationFailureException(
                $"{first.Message} Its staging {upload.Capture.Staging} is still there: {Failure.From(e).Message}", first.Type, nonRetryable: true);
        }
    }

    private async Task<BackupReceipt> ReplicateAsync(NodeSlice slice, string node, BackupReceipt receipt)
    {
        var source = slice.Buckets.FirstOrDefault(b => receipt.Regions.Contains(b.Region)) ?? slice.Buckets[0];
        var regions = receipt.Regions.ToList();
        var missing = receipt.MissingRegions.ToList();
        foreach (var bucket in slice.Buckets.Where(b => !receipt.Regions.Contains(b.Region)))
        {
            progress.Say(node, "replicates to " + bucket.Region);
            try
            {
                await BackupCalls.ReplicateAsync(new(slice, receipt.Backup, source, bucket));
                regions.Add(bucket.Region);
            }
            catch (ActivityFailureException e)
            {
                missing.RemoveAll(m => m.StartsWith(bucket.Region + ":", StringComparison.Ordinal));
                missing.Add($"{bucket.Region}: {Failure.From(e).Message}");
            }
        }

        return receipt with { Regions = regions, MissingRegions = missing };
    }

    private async Task VerifyAsync(NodeSlice slice, string node, BackupReceipt receipt, List<string> failures)
    {
        var own = slice.Buckets.FirstOrDefault(b => receipt.Regions.Contains(b.Region)) ?? slice.Buckets[0];
        progress.Say(node, "verifies in " + own.Region);
        try
        {
            await BackupCalls.VerifyAsync(new(slice, receipt.Backup, own, VerifyRung));
        }
        catch (ActivityFailureException e)
        {
            failures.Add($"{node}: {receipt.Backup.Id} is stored, but its verification in {own.Region} failed: {Failure.From(e).Message}");
        }
    }

    private ApplicationFailureException Stopped(string node) =>
        new($"{node} was not backed up: {stop.Reason}.", ErrorTypes.Locked, nonRetryable: true);
}
