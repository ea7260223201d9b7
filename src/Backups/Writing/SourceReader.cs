using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using VirtEngine.DR.Backups.Objects;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Tables;

namespace VirtEngine.DR.Backups.Writing;

/// <summary>Cuts a snapshot's files into work: small changing ones into packs, large ones into chunks, the rest whole.</summary>
internal sealed class SourceReader(ISnapshot snapshot, BufferPool buffers, BackupAssembly assembly, RateLimiter? limiter = null, bool idle = false)
{
    private long _read;

    /// <summary>Plain bytes read from the snapshot.</summary>
    public long BytesRead => Interlocked.Read(ref _read);

    /// <summary>Whole files first (a worker reads each), then chunks, then packs. Nothing is read ahead of a free worker.</summary>
    public async IAsyncEnumerable<WorkItem> ItemsAsync(IReadOnlyList<SnapshotFile> files, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in files.Where(file => !IsSmall(file) && file.Size <= Limits.ObjectPlain))
        {
            yield return new WorkItem([file], 0, null, 0);
        }

        foreach (var file in files.Where(file => file.Size > Limits.ObjectPlain))
        {
            await foreach (var chunk in ChunksAsync(file, cancellationToken).ConfigureAwait(false))
            {
                yield return chunk;
            }
        }

        await foreach (var pack in PacksAsync(files.Where(IsSmall), cancellationToken).ConfigureAwait(false))
        {
            yield return pack;
        }
    }

    /// <summary>Reads a whole file into the buffer and checks it as far as its format can be checked.</summary>
    public async Task ReadWholeAsync(SnapshotFile file, byte[] buffer, CancellationToken cancellationToken)
    {
        var stream = Open(file);
        await using (stream.ConfigureAwait(false))
        {
            await ReadExactlyAsync(stream, file, buffer.AsMemory(0, (int)file.Size), cancellationToken).ConfigureAwait(false);
        }

        if (file.Format == ContentFormat.LevelDbTable && LevelDbTableCheck.Problem(buffer.AsMemory(0, (int)file.Size)) is { } problem)
        {
            throw Corrupt(file, problem);
        }
    }

    /// <summary>The source's own failure, in the operator's words.</summary>
    private static BackupException Changed(SnapshotFile file, string why, Exception? inner = null) =>
        new(BackupErrorCodes.SourceChanged, $"{file.Path}: {why}. The snapshot is not what it was; take a new one", inner);

    private static SourceCorruptException Corrupt(SnapshotFile file, string problem) =>
        new(file.Path, $"{file.Path} is damaged on the node's own disk: {problem}. Nothing was backed up; restore this node from an earlier proven backup or resync it");

    private static bool IsSmall(SnapshotFile file) => !(file.Alone && file.Size > 0) && file.Size <= (file.Immutable ? 4096 : Limits.SmallFile);

    private async IAsyncEnumerable<WorkItem> ChunksAsync(SnapshotFile file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = Open(file);
        await using (stream.ConfigureAwait(false))
        {
            if (file.Format == ContentFormat.LevelDbTable)
            {
                if (LevelDbTableCheck.Problem(file.Size, (offset, length) => ReadAt(stream, file, offset, length)) is { } problem)
                {
                    throw Corrupt(file, problem);
                }

                stream.Position = 0;
            }

            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var left = file.Size;
            for (var chunk = 0; left > 0; chunk++)
            {
                var length = (int)Math.Min(Limits.ObjectPlain, left);
                var buffer = buffers.Rent();
                await ReadExactlyAsync(stream, file, buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
                hash.AppendData(buffer.AsSpan(0, length));
                left -= length;
                if (left == 0)
                {
                    assembly.SetDigest(file, Convert.ToHexStringLower(hash.GetHashAndReset()));
                }

                yield return new WorkItem([file], chunk, buffer, length);
            }
        }
    }

    private async IAsyncEnumerable<WorkItem> PacksAsync(IEnumerable<SnapshotFile> small, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var files = new List<SnapshotFile>();
        var buffer = buffers.Rent();
        var length = 0;
        foreach (var file in small)
        {
            if (length + file.Size > Limits.ObjectPlain)
            {
                yield return new WorkItem(files, 0, buffer, length);
                (files, buffer, length) = ([], buffers.Rent(), 0);
            }

            var stream = Open(file);
            await using (stream.ConfigureAwait(false))
            {
                await ReadExactlyAsync(stream, file, buffer.AsMemory(length, (int)file.Size), cancellationToken).ConfigureAwait(false);
            }

            var content = buffer.AsMemory(length, (int)file.Size);
            if (file.Format == ContentFormat.LevelDbTable && LevelDbTableCheck.Problem(content) is { } problem)
            {
                throw Corrupt(file, problem);
            }

            assembly.SetDigest(file, Convert.ToHexStringLower(SHA256.HashData(content.Span)));
            files.Add(file);
            length += (int)file.Size;
        }

        if (length > 0)
        {
            yield return new WorkItem(files, 0, buffer, length);
        }
        else
        {
            // Nothing but empty files, or nothing: they need no object.
            buffers.Return(buffer);
        }
    }

    private Stream Open(SnapshotFile file)
    {
        try
        {
            return snapshot.Open(file);
        }
        catch (IOException e)
        {
            throw Changed(file, "it cannot be opened: " + e.Message, e);
        }
    }

    private ReadOnlyMemory<byte> ReadAt(Stream stream, SnapshotFile file, long offset, int length)
    {
        var bytes = new byte[length];
        using var priority = IdleIo.Enter(idle);
        try
        {
            stream.Position = offset;
            stream.ReadExactly(bytes);
        }
        catch (IOException e)
        {
            throw Changed(file, "it cannot be read: " + e.Message, e);
        }

        return bytes;
    }

    /// <summary>The class belongs to the thread, so the read must be made on this one: file reads block a thread of the pool anyway.</summary>
    private static void ReadIdle(Stream stream, Memory<byte> target)
    {
        using var priority = IdleIo.Enter(idle: true);
        stream.ReadExactly(target.Span);
    }

    private async Task ReadExactlyAsync(Stream stream, SnapshotFile file, Memory<byte> target, CancellationToken cancellationToken)
    {
        if (limiter is not null)
        {
            await limiter.WaitAsync(target.Length, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            if (idle)
            {
                ReadIdle(stream, target);
            }
            else
            {
                await stream.ReadExactlyAsync(target, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException e)
        {
            throw Changed(file, $"its {file.Size} bytes cannot be read: {e.Message}", e);
        }

        Interlocked.Add(ref _read, target.Length);
    }
}
