using System.Text.Json;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.Nodes.Stores;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Evidence;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Verification;
using VirtEngine.DR.Backups.Writing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Forensics;
using VirtEngine.DR.Contracts.Nodes;
using BackupKinds = VirtEngine.DR.Contracts.Backups.BackupKinds;

namespace VirtEngine.DR.Activities.Forensics;

/// <summary>Makes a run's forensic copy, or goes on with it.</summary>
/// <param name="controls">The node's process.</param>
/// <param name="repositories">Opens the bucket.</param>
public sealed class Preserver(NodeControls controls, RepositoryAccess repositories)
{
    private const int MostLeftOut = 50;

    internal async Task<ForensicReceipt> PreserveAsync(ForensicAct act, NodeHome home, IFence fence, IProgress<TransferProgress> progress, CancellationToken token)
    {
        var bucket = ForensicBucket.Require(act.Slice);
        if (await ForensicBucket.FindAsync(repositories, act, bucket, token).ConfigureAwait(false) is { } present)
        {
            return await ReceiptAsync(act, home, bucket, present, token).ConfigureAwait(false);
        }

        if (await ProblemAsync(act, token).ConfigureAwait(false) is { } problem)
        {
            throw problem;
        }

        if (!ForensicBucket.IsWriteOnce(bucket) && !act.WithoutLock)
        {
            throw Failures.Permanent(
                ErrorTypes.Forbidden,
                $"'{bucket.Url}' is not write-once, and a forensic copy that somebody can delete proves nothing: set forensics.bucket to one with objectLock and lock, or let an approval waive that");
        }

        var repository = await repositories.OpenForWritingAsync(act.Slice, bucket, BackupKinds.Forensic, token).ConfigureAwait(false);
        var scratch = Path.Combine(home.Private, "forensics");
        fence.EnsureCurrent();
        Directory.CreateDirectory(scratch, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            var logs = await controls.For(act.Slice.Target.Node).LogFilesAsync(act.Slice.Target, scratch, token).ConfigureAwait(false);
            var result = await WriteAsync(act, home, repository, bucket, Request(act, home, logs), fence, progress, token).ConfigureAwait(false);
            await ConfirmAsync(act, repository, result, token).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }

        var written = await ForensicBucket.FindAsync(repositories, act, bucket, token).ConfigureAwait(false)
            ?? throw Failures.Transient($"the copy was written to '{bucket.Url}' and is not there");
        return await ReceiptAsync(act, home, bucket, written, token).ConfigureAwait(false);
    }

    /// <summary>A receipt of what is committed. Where it ought to be locked the bucket is asked whether it is.</summary>
    internal async Task<ForensicReceipt> ReceiptAsync(ForensicAct act, NodeHome home, BucketSpec bucket, VerifiedManifest found, CancellationToken token)
    {
        var until = await repositories.Store(bucket).RetainedUntilAsync(found.Key, token).ConfigureAwait(false);
        if (ForensicBucket.IsWriteOnce(bucket) && until is null)
        {
            throw Failures.Permanent(ErrorTypes.Untrusted, $"'{bucket.Url}' says that {found.Key} is not locked although it was written with a lock: the bucket is not made with object lock, or does not honour it");
        }

        var record = Record(home, act.Key.FirstRunId);
        return new ForensicReceipt
        {
            Key = found.Key,
            Id = found.Id.ToString(),
            Digest = found.Digest,
            Files = found.Manifest.Files.Count,
            Bytes = found.Manifest.PlainBytes(),
            Bucket = bucket.Url,
            Region = bucket.Region,
            LockedUntil = until,
            TakenAt = found.Manifest.Instant.TakenAt,
            LeftOut = record?.Id == found.Id.ToString() ? record.LeftOut : [new LeftOutFile("left-out.json", "this host has lost its record of the copy; the list is in the copy itself")],
        };
    }

    /// <summary>Why no copy can be made now.</summary>
    internal async Task<Temporalio.Exceptions.ApplicationFailureException?> ProblemAsync(ForensicAct act, CancellationToken token)
    {
        var node = act.Slice.Target.Node;
        var process = await controls.For(node).ObserveAsync(act.Slice.Target, token).ConfigureAwait(false);
        if (process.State != ProcessState.Stopped)
        {
            return Failures.Permanent(
                ErrorTypes.Conflict,
                $"'{node.Name}' is {process.State.ToString().ToLowerInvariant()}{(process.Pid is { } pid ? $" (process {pid})" : "")}: a forensic copy is made of a stopped node only. Stop it first{string.Concat(process.Notes.Select(note => "; " + note))}");
        }

        if (!Directory.Exists(node.Home))
        {
            return Failures.Permanent(ErrorTypes.NotFound, $"'{node.Home}' is not there: nothing is left of '{node.Name}' to copy");
        }

        try
        {
            RepositoryAccess.RequireEncryption(act.Slice, BackupKinds.Forensic);
            _ = RepositoryAccess.Signer(act.Slice, BackupKinds.Forensic);
            return null;
        }
        catch (Temporalio.Exceptions.ApplicationFailureException e)
        {
            return e;
        }
    }

    /// <summary>This run's record; null when it has begun none here.</summary>
    internal static ForensicRecord? Record(NodeHome home, string? firstRunId)
    {
        try
        {
            return DurableFile.ReadJson<ForensicRecord>(ForensicRecord.PathIn(home)) is { } record && (firstRunId is null || record.FirstRunId == firstRunId) ? record : null;
        }
        catch (InvalidDataException e)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, e.Message, e);
        }
    }

    internal static IReadOnlyList<LeftOutFile> Bounded(IEnumerable<LeftOut> all)
    {
        var list = all.Select(one => new LeftOutFile(one.Path, one.Why, one.PublicKey)).ToList();
        return list.Count <= MostLeftOut ? list : [.. list.Take(MostLeftOut), new LeftOutFile("…", $"and {list.Count - MostLeftOut} more; the copy's left-out.json has all")];
    }

    /// <summary>What the copy of a node is made of. The state of a signer that is elsewhere on the host belongs to it.</summary>
    internal static EvidenceRequest Request(ForensicAct act, NodeHome home, IReadOnlyList<string> logs) => new(home.Layout, logs, Notes(act))
    {
        Beside = act.Slice.Target.Node.Signer?.HrsFile is { } file && !Path.GetFullPath(file).StartsWith(home.Path + "/", StringComparison.Ordinal) ? [file] : [],
    };

    private static Dictionary<string, byte[]> Notes(ForensicAct act) => new Dictionary<string, byte[]>(StringComparer.Ordinal)
    {
        ["run.json"] = JsonSerializer.SerializeToUtf8Bytes(
            new { act.Key.WorkflowId, act.Key.FirstRunId, node = act.Slice.Target.Node.Name, chain = act.Slice.Target.Chain.Id, estate = act.Slice.Target.EstateDigest }, DrDataConverter.JsonOptions),
    };

    private static async Task ConfirmAsync(ForensicAct act, BackupRepository repository, BackupResult result, CancellationToken token)
    {
        var records = await new BackupVerifier(new VerifierOptions(act.Key.WorkflowId)).VerifyAsync(repository, result.Key, Rung.Listed, progress: null, token).ConfigureAwait(false);
        if (records is [.., { Passed: false } failed])
        {
            throw Failures.Transient($"the copy {result.Id} was written and does not pass rung 1 in {failed.Region}: {string.Join("; ", failed.Problems)}");
        }
    }

    private static async Task<BackupResult> WriteAsync(
        ForensicAct act, NodeHome home, BackupRepository repository, BucketSpec bucket, EvidenceRequest request, IFence fence, IProgress<TransferProgress> progress, CancellationToken token)
    {
        var node = act.Slice.Target.Node;
        var record = Record(home, act.Key.FirstRunId);
        EvidenceSnapshot? holding = null;
        var snapshot = await Task.Run(() => EvidenceSnapshot.Hold(request, () => Remember(holding!), token), token).ConfigureAwait(false);
        await using (snapshot.ConfigureAwait(false))
        {
            holding = snapshot;
            record ??= Fresh(attempt: 0);
            while (true)
            {
                fence.EnsureCurrent();
                DurableFile.WriteJson(ForensicRecord.PathIn(home), record);
                var description = new BackupDescription(
                    BackupNames.Scope(act.Slice, BackupKinds.Forensic), node.Region, BackupId.Parse(record.Id).Height, DatabaseKind: node.Database, Id: BackupId.Parse(record.Id));
                try
                {
                    var result = await new BackupWriter(repository, new WriterOptions(BytesPerSecond: act.Slice.Backups.RateLimit, LockFor: bucket.Lock))
                        .WriteAsync(snapshot, description, progress, token).ConfigureAwait(false);
                    DurableFile.WriteJson(ForensicRecord.PathIn(home), record with { BytesPerSecond = result.BytesRead / Math.Max(0.001, result.Duration.TotalSeconds) });
                    return result;
                }
                catch (BackupException e) when (e.Code == BackupErrorCodes.BackupRevoked && record.Attempt + 1 < ForensicRecord.MostAttempts)
                {
                    // Killed inside its commit: that id can never count any more, so the copy goes on under the next one.
                    record = Fresh(record.Attempt + 1);
                }
            }
        }

        ForensicRecord Fresh(int attempt) => new(
            act.Key.FirstRunId,
            ForensicRecord.NewId(act.Key.FirstRunId, node.Name, attempt, StoreReader.Read(node, home).Blocks.Height ?? 0, DateTimeOffset.UtcNow).ToString(),
            attempt,
            Bounded(snapshot.LeftOut),
            Record(home, firstRunId: null)?.BytesPerSecond ?? 0);

        void Remember(EvidenceSnapshot held)
        {
            fence.EnsureCurrent();
            record = record! with { LeftOut = Bounded([.. held.Unreadable, .. held.LeftOut]) };
            DurableFile.WriteJson(ForensicRecord.PathIn(home), record);
        }
    }
}
