using System.Security.Cryptography;
using VirtEngine.DR.Backups.Encryption;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Writing;

/// <summary>Compresses, encrypts where asked, and uploads content that the bucket lacks.</summary>
internal sealed class ObjectUploader(
    BackupRepository repository, string nodePrefix, ulong attempt, byte[]? namingKey, ObjectListing listing, BufferPool buffers, WriterOptions options) : IDisposable
{
    private readonly ZstdFrame _zstd = new(repository.Options.CompressionLevel);
    private readonly RateLimiter _limiter = new(options.BytesPerSecond, repository.Options.Time);
    private long _uploaded;
    private long _reused;

    /// <summary>Bytes sent.</summary>
    public long Uploaded => Interlocked.Read(ref _uploaded);

    /// <summary>Plain bytes that were there.</summary>
    public long Reused => Interlocked.Read(ref _reused);

    /// <summary>Content-addressed: uploaded once, whoever has it.</summary>
    public async Task<UploadedObject> UploadAsync(ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
    {
        var digest = SHA256.HashData(plain.Span);
        var content = ObjectName.Of(namingKey is null ? digest : HMACSHA256.HashData(namingKey, digest), 0);
        var sha256 = Convert.ToHexStringLower(digest);
        var stored = buffers.Rent();
        try
        {
            var length = await EncodeAsync(plain, stored, cancellationToken).ConfigureAwait(false);
            if (listing.Find(content) is { } found && found.Stored == length)
            {
                Interlocked.Add(ref _reused, plain.Length);
                return new UploadedObject(found.Name.ToKey(), found.Name, sha256, plain.Length, found.Stored);
            }

            // Nothing under this content's name, or something of another size: that one is damaged, and ours goes beside it.
            var name = content with { Attempt = attempt };
            await PutAsync(name.ToKey(), stored.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            listing.Add(name, length);
            return new UploadedObject(name.ToKey(), name, sha256, plain.Length, length);
        }
        finally
        {
            buffers.Return(stored);
        }
    }

    /// <summary>A pack of small files, of this backup alone.</summary>
    public async Task<UploadedObject> UploadPackAsync(string key, ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
    {
        var stored = buffers.Rent();
        try
        {
            var length = await EncodeAsync(plain, stored, cancellationToken).ConfigureAwait(false);
            await PutAsync(key, stored.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            return new UploadedObject(key, null, Convert.ToHexStringLower(SHA256.HashData(plain.Span)), plain.Length, length);
        }
        finally
        {
            buffers.Return(stored);
        }
    }

    /// <summary>Counts what an index or listing saved.</summary>
    public void CountReused(long bytes) => Interlocked.Add(ref _reused, bytes);

    private async Task<int> EncodeAsync(ReadOnlyMemory<byte> plain, byte[] stored, CancellationToken cancellationToken)
    {
        if (namingKey is null)
        {
            return _zstd.Compress(plain.Span, stored);
        }

        var frame = buffers.Rent();
        try
        {
            var length = _zstd.Compress(plain.Span, frame);
            return await Envelope.SealAsync(frame.AsMemory(0, length), stored, repository.Options.KeyWrapper!, nodePrefix + "objects", cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            buffers.Return(frame);
        }
    }

    private async Task PutAsync(string key, ReadOnlyMemory<byte> stored, CancellationToken cancellationToken)
    {
        await _limiter.WaitAsync(stored.Length, cancellationToken).ConfigureAwait(false);
        var outcome = await repository.Store.PutAsync(nodePrefix + key, stored, new PutOptions(RetainUntil: options.RetainUntil), cancellationToken).ConfigureAwait(false);
        Interlocked.Add(ref _uploaded, stored.Length);
        if (outcome == PutOutcome.Exists)
        {
            // Only this attempt uses the key: an answer was lost, and what lies there is ours when its size is.
            var there = await repository.Store.HeadAsync(nodePrefix + key, cancellationToken).ConfigureAwait(false);
            if (there?.Size != stored.Length)
            {
                throw new ObjectCorruptException(key, $"{repository.Store.Location}: {nodePrefix}{key} was written by this attempt with {stored.Length} bytes and now has {there?.Size}; run the backup again");
            }
        }
    }

    public void Dispose() => _zstd.Dispose();
}
