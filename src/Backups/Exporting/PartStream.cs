using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Objects;

namespace VirtEngine.DR.Backups.Exporting;

/// <summary>A file's bytes from its objects, one object in memory at a time. Its length is known, as an archive needs it.</summary>
internal sealed class PartStream(ObjectReader reader, Manifest manifest, ManifestFile file, BufferPool buffers, CancellationToken cancellationToken) : Stream
{
    private byte[]? _buffer;
    private int _next;
    private int _offset;
    private int _left;
    private long _position;

    public override bool CanRead => true;

    // The archive asks for the length only of what can seek; nothing seeks.
    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken1 = default)
    {
        if (_left == 0)
        {
            if (_next == file.Parts.Count)
            {
                return 0;
            }

            Drop();
            var part = file.Parts[_next++];
            _buffer = await reader.ReadAsync(manifest.Objects[part.Object], searchElsewhere: true, cancellationToken).ConfigureAwait(false);
            (_offset, _left) = (part.Offset, part.Length);
        }

        var count = Math.Min(_left, buffer.Length);
        _buffer.AsMemory(_offset, count).CopyTo(buffer);
        _offset += count;
        _left -= count;
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken1) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken1).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("only read asynchronously");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Drop();
        base.Dispose(disposing);
    }

    private void Drop()
    {
        if (_buffer is not null)
        {
            buffers.Return(_buffer);
            _buffer = null;
        }
    }
}
