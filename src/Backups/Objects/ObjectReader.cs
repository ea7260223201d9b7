using System.Security.Cryptography;
using VirtEngine.DR.Backups.Encryption;
using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Objects;

/// <summary>Fetches objects: from any source, any version, any upload of the same content, whose bytes fit.</summary>
internal sealed class ObjectReader(IReadOnlyList<BackupRepository> sources, string nodePrefix, BufferPool buffers, RateLimiter limiter) : IDisposable
{
    private readonly ZstdFrame _zstd = new(1);
    private long _downloaded;

    /// <summary>Stored bytes fetched so far, those that did not fit included.</summary>
    public long Downloaded => Interlocked.Read(ref _downloaded);

    /// <summary>The object's plain bytes in a rented buffer; the first <see cref="ManifestObject.Size"/> count.</summary>
    /// <param name="item">Which.</param>
    /// <param name="searchElsewhere">Look at other versions and uploads too; off when one copy is being verified.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<byte[]> ReadAsync(ManifestObject item, bool searchElsewhere, CancellationToken cancellationToken)
    {
        var plain = buffers.Rent();
        var stored = buffers.Rent();
        try
        {
            await ReadAsync(item, searchElsewhere, plain, stored, cancellationToken).ConfigureAwait(false);
            var kept = plain;
            plain = null;
            return kept;
        }
        finally
        {
            buffers.Return(stored);
            if (plain is not null)
            {
                buffers.Return(plain);
            }
        }
    }

    private async Task ReadAsync(ManifestObject item, bool searchElsewhere, byte[] plain, byte[] stored, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        ObjectStoreException? unreachable = null;
        BackupException? undecryptable = null;
        var seen = false;
        foreach (var source in sources)
        {
            try
            {
                await foreach (var (key, version) in CandidatesAsync(source.Store, item, searchElsewhere, cancellationToken).ConfigureAwait(false))
                {
                    var problem = await TryReadAsync(source, key, version, item, plain, stored, cancellationToken).ConfigureAwait(false);
                    if (problem is null)
                    {
                        return;
                    }

                    seen |= problem.Length > 0;
                    problems.Add($"{source.Store.Location}: {(problem.Length > 0 ? problem : "it is not there")}");
                }
            }
            catch (ObjectStoreException e)
            {
                unreachable = e;
                problems.Add(e.Message);
            }
            catch (BackupException e) when (e.Code is BackupErrorCodes.DecryptionFailed or BackupErrorCodes.EncryptionKeyMissing)
            {
                undecryptable = e;
                problems.Add(e.Message);
            }
        }

        var message = $"object {nodePrefix}{item.Key} ({item.Size} bytes): {string.Join("; ", problems.Distinct())}";
        throw (seen, unreachable, undecryptable) switch
        {
            (_, _, { Code: BackupErrorCodes.EncryptionKeyMissing }) => undecryptable,
            (_, { Transient: true }, _) => new BackupException(BackupErrorCodes.SourcesUnreachable, message, unreachable),
            (_, _, { }) => new ObjectCorruptException(item.Key, message, undecryptable),
            (true, _, _) => new ObjectCorruptException(item.Key, message),
            (_, { }, _) => new BackupException(BackupErrorCodes.SourcesUnreachable, message, unreachable),
            _ => new BackupException(BackupErrorCodes.ObjectMissing, message),
        };
    }

    private async IAsyncEnumerable<(string Key, string? Version)> CandidatesAsync(
        IObjectStore store, ManifestObject item, bool searchElsewhere, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return (nodePrefix + item.Key, null);
        if (!searchElsewhere)
        {
            yield break;
        }

        // Replicas may have the content under another upload's name; versions may hold what was overwritten or deleted.
        var prefix = nodePrefix + (ObjectName.TryParse(item.Key, out _) ? item.Key[..^16] : item.Key);
        await foreach (var info in store.ListVersionsAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            if (info.Size == item.Stored)
            {
                yield return (info.Key, info.Version);
            }
        }
    }

    /// <returns>Null when it fits, empty when it is not there, else what is wrong.</returns>
    private async Task<string?> TryReadAsync(
        BackupRepository source, string key, string? version, ManifestObject item, byte[] plain, byte[] stored, CancellationToken cancellationToken)
    {
        var stream = await source.Store.OpenAsync(key, version, cancellationToken).ConfigureAwait(false);
        if (stream is null)
        {
            return string.Empty;
        }

        int length;
        await using (stream.ConfigureAwait(false))
        {
            await limiter.WaitAsync(item.Stored, cancellationToken).ConfigureAwait(false);
            length = await stream.ReadAtLeastAsync(stored.AsMemory(0, item.Stored + 1), item.Stored + 1, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        }

        Interlocked.Add(ref _downloaded, length);
        return length != item.Stored
            ? $"it has {(length > item.Stored ? "more" : length)} bytes and {item.Stored} are expected"
            : await DecodeAsync(source, key, item, plain, stored, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string?> DecodeAsync(BackupRepository source, string key, ManifestObject item, byte[] plain, byte[] stored, CancellationToken cancellationToken)
    {
        var frame = stored.AsMemory(0, item.Stored);
        byte[]? opened = null;
        try
        {
            if (Envelope.IsEnvelope(frame.Span))
            {
                opened = buffers.Rent();
                var length = await Envelope.OpenAsync(frame, opened, source.Options.KeyWrapper, nodePrefix + "objects", key, cancellationToken).ConfigureAwait(false);
                frame = opened.AsMemory(0, length);
            }

            var content = plain.AsMemory(0, item.Size);
            if (_zstd.Decompress(frame.Span, content.Span) is { } problem)
            {
                return problem;
            }

            return Matches(content.Span, item.Sha256) ? null : "its content is not what the manifest names";
        }
        finally
        {
            if (opened is not null)
            {
                buffers.Return(opened);
            }
        }
    }

    private static bool Matches(ReadOnlySpan<byte> content, string sha256)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(content, digest);
        return Convert.ToHexStringLower(digest) == sha256;
    }

    public void Dispose() => _zstd.Dispose();
}
