using System.Globalization;
using VirtEngine.DR.Backups.Indexing;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Snapshots;

namespace VirtEngine.DR.Backups.Writing;

/// <summary>Carries a snapshot's files into the bucket, several at once, each holding at most three buffers.</summary>
internal sealed class SnapshotTransfer : IDisposable
{
    private readonly ISnapshot _snapshot;
    private readonly BackupId _id;
    private readonly ulong _attempt = BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
    private readonly ObjectListing _listing;
    private readonly KnownTables? _index;
    private readonly WriterOptions _options;
    private readonly string _kind;
    private readonly BufferPool _buffers = new();
    private readonly ObjectUploader _uploader;
    private readonly SourceReader _reader;
    private readonly TimeProvider _time;
    private volatile bool _distrusted;
    private int _packs;
    private int _filesDone;
    private long _bytesDone;

    public SnapshotTransfer(
        ISnapshot snapshot, BackupRepository repository, string nodePrefix, BackupId id, byte[]? namingKey, ObjectListing listing, KnownTables? index, WriterOptions options, string kind)
    {
        (_snapshot, _id, _listing, _index, _options, _kind) = (snapshot, id, listing, index, options, kind);
        _uploader = new ObjectUploader(repository, nodePrefix, _attempt, namingKey, listing, _buffers, options);
        _reader = new SourceReader(
            snapshot, _buffers, Assembly, options.ReadBytesPerSecond > 0 ? new RateLimiter(options.ReadBytesPerSecond, repository.Options.Time) : null, options.IdleReads);
        _time = repository.Options.Time;
        Next = new KnownTables { FullReadAt = index?.FullReadAt ?? repository.Options.Time.GetUtcNow() };
    }

    public BackupAssembly Assembly { get; } = new();

    /// <summary>The index as it is after this backup.</summary>
    public KnownTables Next { get; private set; }

    public long BytesRead => _reader.BytesRead;

    public long BytesUploaded => _uploader.Uploaded;

    public long BytesReused => _uploader.Reused;

    public async Task RunAsync(IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        foreach (var path in _snapshot.Files.Select(file => file.Path))
        {
            Manifests.SafePaths.Check(path, "snapshot");
            RefuseSecret(path);
        }

        var total = _snapshot.Files.Sum(file => file.Size);
        var (known, sample, unknown) = Sort();

        // The sample first: if the index is wrong about one table, nothing that it says is believed, and nothing was let go of yet.
        await UploadAllAsync(sample, total, progress, cancellationToken).ConfigureAwait(false);
        if (_distrusted)
        {
            unknown.AddRange(known);
            Next = new KnownTables { FullReadAt = _time.GetUtcNow() };
        }
        else
        {
            foreach (var file in known)
            {
                Reuse(file, _index!.Find(file)!);
            }
        }

        Report(progress, total);
        await UploadAllAsync(unknown, total, progress, cancellationToken).ConfigureAwait(false);
        foreach (var file in sample.Concat(unknown).Where(file => file.Size > 0))
        {
            Next.Add(file, Assembly.DigestOf(file), Assembly.ObjectsOf(file), _snapshot.Instant.TakenAt);
        }
    }

    /// <summary>The last line, whoever made the snapshot: no key, and no signing state that a restore could put back. Evidence is never restored.</summary>
    private void RefuseSecret(string path)
    {
        var reason = _kind != BackupKinds.Forensic && path.EndsWith("priv_validator_state.json", StringComparison.Ordinal)
            ? "it is the signing state, and an old one that comes back is a double sign"
            : Files.SecretRules.ByName(path);
        if (reason is not null)
        {
            throw new BackupException(BackupErrorCodes.SecretRefused, $"{path} never enters a backup: {reason}. Deny it in the snapshot");
        }
    }

    private (List<SnapshotFile> Known, List<SnapshotFile> Sample, List<SnapshotFile> Unknown) Sort()
    {
        List<SnapshotFile> known = [], sample = [], unknown = [];
        foreach (var file in _snapshot.Files)
        {
            // Without reading only when the bucket lists every one of its objects; a share is read all the same.
            if (_index?.Find(file) is not { } table || !table.Objects.All(IsListed))
            {
                unknown.Add(file);
                continue;
            }

#pragma warning disable CA5394 // A sample needs no secrecy.
            (Random.Shared.NextDouble() < _options.RereadShare ? sample : known).Add(file);
#pragma warning restore CA5394
        }

        return (known, sample, unknown);
    }

    private Task UploadAllAsync(List<SnapshotFile> files, long total, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Parallelism, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(_reader.ItemsAsync(files, cancellationToken), parallel, async (item, token) =>
        {
            await UploadAsync(item, token).ConfigureAwait(false);
            Report(progress, total);
        });
    }

    private void Reuse(SnapshotFile file, KnownTable known)
    {
        var chunk = 0;
        foreach (var item in known.Objects)
        {
            Assembly.Add(file, chunk++, item, 0, item.Size);
        }

        Assembly.SetDigest(file, known.Sha256);
        Next.Add(file, known.Sha256, known.Objects, _snapshot.Instant.TakenAt);
        _uploader.CountReused(file.Size);
        _snapshot.Release(file);
        Done(1, file.Size);
    }

    private bool IsListed(UploadedObject item) => _listing.Find(item.Name!.Value) is { } found && found.Name == item.Name && found.Stored == item.Stored;

    private async Task UploadAsync(WorkItem item, CancellationToken cancellationToken)
    {
        var buffer = item.Buffer ?? _buffers.Rent();
        try
        {
            if (item.Buffer is null)
            {
                await _reader.ReadWholeAsync(item.Files[0], buffer, cancellationToken).ConfigureAwait(false);
                await UploadFileAsync(item.Files[0], buffer.AsMemory(0, (int)item.Files[0].Size), cancellationToken).ConfigureAwait(false);
            }
            else if (item.Files.Count == 1 && item.Files[0].Size > Limits.ObjectPlain)
            {
                await UploadChunkAsync(item, buffer, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await UploadPackAsync(item, buffer, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _buffers.Return(buffer);
        }
    }

    private async Task UploadFileAsync(SnapshotFile file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var uploaded = await _uploader.UploadAsync(content, cancellationToken).ConfigureAwait(false);
        Compare(file, 0, uploaded);
        Assembly.SetDigest(file, uploaded.Sha256);
        Assembly.Add(file, 0, uploaded, 0, uploaded.Size);
        _snapshot.Release(file);
        Done(1, file.Size);
    }

    private void Compare(SnapshotFile file, int chunk, UploadedObject uploaded)
    {
        if (_index?.Find(file) is { } known && (chunk >= known.Objects.Count || known.Objects[chunk].Sha256 != uploaded.Sha256))
        {
            _distrusted = true;
        }
    }

    private async Task UploadChunkAsync(WorkItem item, byte[] buffer, CancellationToken cancellationToken)
    {
        var file = item.Files[0];
        var uploaded = await _uploader.UploadAsync(buffer.AsMemory(0, item.Length), cancellationToken).ConfigureAwait(false);
        Compare(file, item.Chunk, uploaded);
        Assembly.Add(file, item.Chunk, uploaded, 0, uploaded.Size);
        var last = ((long)item.Chunk * Limits.ObjectPlain) + item.Length == file.Size;
        if (last)
        {
            _snapshot.Release(file);
        }

        Done(last ? 1 : 0, item.Length);
    }

    private async Task UploadPackAsync(WorkItem item, byte[] buffer, CancellationToken cancellationToken)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"packs/{_id}/{Interlocked.Increment(ref _packs)}-{_attempt:x16}");
        var uploaded = await _uploader.UploadPackAsync(key, buffer.AsMemory(0, item.Length), cancellationToken).ConfigureAwait(false);
        var offset = 0;
        foreach (var file in item.Files)
        {
            if (file.Size > 0)
            {
                Assembly.Add(file, 0, uploaded, offset, (int)file.Size);
            }

            offset += (int)file.Size;
            _snapshot.Release(file);
        }

        Done(item.Files.Count, item.Length);
    }

    private void Done(int files, long bytes)
    {
        Interlocked.Add(ref _filesDone, files);
        Interlocked.Add(ref _bytesDone, bytes);
    }

    private void Report(IProgress<TransferProgress>? progress, long total) =>
        progress?.Report(new TransferProgress("transfer", Volatile.Read(ref _filesDone), _snapshot.Files.Count, Interlocked.Read(ref _bytesDone), total));

    public void Dispose() => _uploader.Dispose();
}
