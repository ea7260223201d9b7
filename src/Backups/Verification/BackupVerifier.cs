using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using VirtEngine.DR.Backups.Indexing;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Writing;

namespace VirtEngine.DR.Backups.Verification;

/// <summary>Climbs the ladder's rungs 1 to 3 and records each with its time beside the backup.</summary>
/// <param name="options">Who verifies, how much.</param>
public sealed class BackupVerifier(VerifierOptions options)
{
    /// <summary>Verifies up to the rung, lower ones first, and records each outcome. A failed rung is a record, not an exception; it ends the climb.</summary>
    /// <returns>The records made, in order; the last one tells the outcome.</returns>
    /// <exception cref="ObjectStoreException">The store could not be asked: that says nothing about the backup, and nothing is recorded.</exception>
    public async Task<IReadOnlyList<RungRecord>> VerifyAsync(
        BackupRepository repository, string manifestKey, Rung rung, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        if (rung >= Rung.Restored && options.ScratchFolder is null)
        {
            throw new BackupException(BackupErrorCodes.OptionsInvalid, "the third rung rebuilds all files: give it a scratch folder with room for the whole backup");
        }

        var records = new List<RungRecord>();
        VerifiedManifest? verified = null;
        for (var step = Rung.Listed; step <= rung && step <= Rung.Restored; step++)
        {
            var facts = new Dictionary<string, string>(StringComparer.Ordinal);
            IReadOnlyList<string> problems;
            try
            {
                verified ??= await ManifestReader.ReadAsync(repository, manifestKey, cancellationToken).ConfigureAwait(false);
                problems = step switch
                {
                    Rung.Listed => await ListedAsync(repository, verified, facts, cancellationToken).ConfigureAwait(false),
                    Rung.Read => await ReadAsync(repository, verified, facts, progress, cancellationToken).ConfigureAwait(false),
                    _ => await RestoredAsync(repository, verified, facts, progress, cancellationToken).ConfigureAwait(false),
                };
            }
            catch (BackupException e) when (e is { Transient: false, Code: not (BackupErrorCodes.NoSpace or BackupErrorCodes.EncryptionKeyMissing or BackupErrorCodes.BackupRevoked or BackupErrorCodes.ManifestMissing) })
            {
                problems = [$"{e.Code}: {e.Message}"];
            }

            var record = new RungRecord(
                repository.Options.Time.GetUtcNow(), verified?.Digest ?? string.Empty, facts, problems.Count == 0, problems, repository.Options.Region, step, options.Verifier);
            await RecordRungAsync(repository, manifestKey, record, cancellationToken).ConfigureAwait(false);
            records.Add(record);
            if (!record.Passed)
            {
                break;
            }
        }

        return records;
    }

    /// <summary>Records a rung that the caller climbed (the fourth: a started node).</summary>
    public async Task RecordRungAsync(BackupRepository repository, string manifestKey, RungRecord record, CancellationToken cancellationToken)
    {
        var (scope, _) = RepositoryKeys.ParseManifest(manifestKey);
        if (!record.Passed && options.IndexFolder is not null)
        {
            TableIndex.Clear(options.IndexFolder, scope.Chain, scope.Node);
        }

        var key = string.Create(CultureInfo.InvariantCulture,
            $"{RepositoryKeys.Rungs(manifestKey)}{(int)record.Rung}-{record.At.ToUniversalTime():yyyyMMdd'T'HHmmssfff}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        await repository.Store.PutAsync(key, JsonSerializer.SerializeToUtf8Bytes(record, BackupJson.Options), new PutOptions(ContentType: "application/json"), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Every record of a backup in this repository, oldest first. One that cannot be read is left out: it proves nothing.</summary>
    public static async Task<IReadOnlyList<RungRecord>> ReadRecordsAsync(BackupRepository repository, string manifestKey, CancellationToken cancellationToken)
    {
        var records = new List<RungRecord>();
        await foreach (var item in repository.Store.ListAsync(RepositoryKeys.Rungs(manifestKey), cancellationToken).ConfigureAwait(false))
        {
            if (await RungRecords.ReadAsync(repository.Store, item.Key, cancellationToken).ConfigureAwait(false) is { } record)
            {
                records.Add(record);
            }
        }

        return [.. records.OrderBy(record => record.At)];
    }

    private static Task<IReadOnlyList<string>> ListedAsync(BackupRepository repository, VerifiedManifest verified, Dictionary<string, string> facts, CancellationToken cancellationToken)
    {
        facts["objects"] = verified.Manifest.Objects.Count.ToString(CultureInfo.InvariantCulture);
        facts["signed-by"] = verified.SignedBy;
        return ObjectConfirmation.ProblemsAsync(repository, RepositoryKeys.Node(verified.Manifest.Scope()), verified.Manifest.Objects, cancellationToken);
    }

    private async Task<IReadOnlyList<string>> ReadAsync(
        BackupRepository repository, VerifiedManifest verified, Dictionary<string, string> facts, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var sample = Sample(verified.Manifest.Objects, repository.Options.Time.GetUtcNow());
        var problems = new System.Collections.Concurrent.ConcurrentBag<string>();
        var buffers = new BufferPool();
        using var reader = new ObjectReader([repository], RepositoryKeys.Node(verified.Manifest.Scope()), buffers, new RateLimiter(0, repository.Options.Time));
        var done = 0;
        long bytes = 0;
        var total = sample.Sum(item => (long)item.Size);
        await Parallel.ForEachAsync(sample, new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken }, async (item, token) =>
        {
            try
            {
                buffers.Return(await reader.ReadAsync(item, searchElsewhere: false, token).ConfigureAwait(false));
            }
            catch (BackupException e) when (!e.Transient)
            {
                problems.Add($"{e.Code}: {e.Message}");
            }

            progress?.Report(new TransferProgress("transfer", Interlocked.Increment(ref done), sample.Count, Interlocked.Add(ref bytes, item.Size), total));
        }).ConfigureAwait(false);
        facts["objects-read"] = sample.Count.ToString(CultureInfo.InvariantCulture);
        facts["objects"] = verified.Manifest.Objects.Count.ToString(CultureInfo.InvariantCulture);
        return [.. problems.Order(StringComparer.Ordinal)];
    }

    /// <summary>A window over the objects that moves with the days, so that repeated samples cover everything.</summary>
    private List<ManifestObject> Sample(IReadOnlyList<ManifestObject> objects, DateTimeOffset now)
    {
        var count = Math.Clamp((int)Math.Ceiling(objects.Count * options.SampleShare), Math.Min(1, objects.Count), objects.Count);
        var start = objects.Count == 0 ? 0 : (int)((now.ToUnixTimeSeconds() / 86400 * count) % objects.Count);
        return [.. Enumerable.Range(0, count).Select(i => objects[(start + i) % objects.Count])];
    }

    private async Task<IReadOnlyList<string>> RestoredAsync(
        BackupRepository repository, VerifiedManifest verified, Dictionary<string, string> facts, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.ScratchFolder!);
        var folder = RestoreStager.FolderOf(options.ScratchFolder!, verified.Digest);
        try
        {
            var staged = await new RestoreStager(new RestoreOptions(options.Parallelism) { Evidence = true }).StageAsync([repository], verified.Key, options.ScratchFolder!, progress, cancellationToken).ConfigureAwait(false);
            var problems = await FolderComparison.ProblemsAsync(staged.Folder, staged.Manifest, cancellationToken).ConfigureAwait(false);
            facts["files"] = staged.Manifest.Files.Count.ToString(CultureInfo.InvariantCulture);
            facts["bytes"] = staged.Manifest.PlainBytes().ToString(CultureInfo.InvariantCulture);
            return problems;
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
