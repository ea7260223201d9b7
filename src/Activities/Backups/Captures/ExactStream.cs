using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Snapshots;

namespace VirtEngine.DR.Activities.Backups.Captures;

/// <summary>Reads exactly the bytes of the instant: a file that is longer is cut off there, one that is shorter is an error.</summary>
internal sealed class ExactStream(FileStream inner, SnapshotFile file) : Stream
{
    private long _left = file.Size;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => file.Size;

    /// <inheritdoc/>
    public override long Position
    {
        get => file.Size - _left;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => Count(buffer.Length, inner.Read(buffer[..(int)Math.Min(buffer.Length, _left)]));

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(buffer.Length, await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken).ConfigureAwait(false));

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
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Count(int asked, int read)
    {
        if (read == 0 && asked > 0 && _left > 0)
        {
            throw new BackupException(BackupErrorCodes.SourceChanged, $"'{file.Path}' is {_left} bytes shorter than at the instant");
        }

        _left -= read;
        return read;
    }
}
