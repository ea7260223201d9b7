using System.IO.Hashing;
using Amazon.S3.Model;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Activities.ObjectStore.S3;

/// <summary>An object's body: checks its length and its CRC, lets no read wait for ever, and turns the vendor's errors into ours.</summary>
internal sealed class S3BodyStream(GetObjectResponse response, string location, string key) : Stream
{
    /// <summary>The longest time that no byte may come.</summary>
    internal static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private readonly Crc32? _crc = response.ChecksumCRC32 is { Length: > 0 } && !response.ChecksumCRC32.Contains('-', StringComparison.Ordinal) ? new Crc32() : null;
    private readonly Stream _body = S3Checksum.WithoutMd5(response.ResponseStream);
    private long _read;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => response.ContentLength;

    /// <inheritdoc/>
    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        idle.CancelAfter(Idle);
        int count;
        try
        {
            count = await _body.ReadAsync(buffer, idle.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectStoreException($"{location}: {key}: no byte came for {Idle.TotalSeconds:0} s", transient: true, e);
        }
        catch (Exception e) when (S3Errors.Map(e, location, key, cancellationToken) is { } mapped)
        {
            throw mapped;
        }

        _read += count;
        _crc?.Append(buffer.Span[..count]);
        if (count == 0 && buffer.Length > 0 && _read < response.ContentLength)
        {
            throw new ObjectStoreException($"{location}: {key}: the body ended after {_read} of {response.ContentLength} bytes", transient: true);
        }

        if (count > 0 && _read == response.ContentLength && _crc is not null && S3Checksum.Text(_crc) is var found && found != response.ChecksumCRC32)
        {
            throw new ObjectStoreException($"{location}: {key}: the body's CRC-32 is {found} and the server's header says {response.ChecksumCRC32}", transient: true);
        }

        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("read it asynchronously: a blocking read of a network stream holds a thread");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
