using Microsoft.Win32.SafeHandles;

namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>The first so many bytes of a file, which may have grown since; one that has fewer is an error.</summary>
internal sealed class BoundedStream : Stream
{
    private readonly SafeFileHandle file;
    private readonly string path;
    private readonly long length;
    private readonly Action demand;
    private long at;

    public BoundedStream(string path, long length, Action demand)
    {
        (this.path, this.length, this.demand) = (path, length, demand);
        file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => at; set => at = value is >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); }

    public override int Read(Span<byte> buffer)
    {
        demand();
        var wanted = (int)Math.Min(buffer.Length, Math.Max(0, length - at));
        return wanted == 0 ? 0 : Advance(RandomAccess.Read(file, buffer[..wanted], at));
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        demand();
        var wanted = (int)Math.Min(buffer.Length, Math.Max(0, length - at));
        return wanted == 0 ? 0 : Advance(await RandomAccess.ReadAsync(file, buffer[..wanted], at, cancellationToken));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => at, _ => length };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }

    private int Advance(int read)
    {
        if (read == 0)
        {
            throw new EndOfStreamException($"'{path}' ends at {at} bytes, {length} were captured");
        }

        at += read;
        return read;
    }
}
