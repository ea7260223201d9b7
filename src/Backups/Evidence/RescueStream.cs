namespace VirtEngine.DR.Backups.Evidence;

/// <summary>
/// Reads exactly the bytes that were listed. Where the disk cannot give some, zeroes stand for them and it is said: half a torn file is
/// more evidence than none.
/// </summary>
/// <param name="read">Reads at an offset, as far as it can in one go; 0 is the end.</param>
/// <param name="size">How many bytes there are.</param>
/// <param name="unreadable">Is told the offset and length of what could not be read.</param>
internal sealed class RescueStream(Func<Memory<byte>, long, int> read, long size, Action<long, int> unreadable) : Stream
{
    private const int Sector = 4096;
    private long _at;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => size;

    /// <inheritdoc/>
    public override long Position
    {
        get => _at;
        set => throw new NotSupportedException();
    }

    /// <summary>Lets go of the file.</summary>
    public Action? OnDispose { get; init; }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Next(buffer.AsMemory(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var bytes = new byte[buffer.Length];
        var got = Next(bytes);
        bytes.AsSpan(0, got).CopyTo(buffer);
        return got;
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Next(buffer));

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
            OnDispose?.Invoke();
        }

        base.Dispose(disposing);
    }

    private int Next(Memory<byte> buffer)
    {
        var wanted = buffer[..(int)Math.Min(buffer.Length, size - _at)];
        if (wanted.Length == 0)
        {
            return 0;
        }

        int got;
        try
        {
            got = read(wanted, _at);
        }
        catch (IOException)
        {
            // One sector at a time from here: only what is bad is lost.
            var sector = wanted[..(int)Math.Min(wanted.Length, Sector - (_at % Sector))];
            got = ReadSector(sector);
        }

        if (got == 0)
        {
            throw new EndOfStreamException($"the file is {size - _at} bytes shorter than it was");
        }

        _at += got;
        return got;
    }

    private int ReadSector(Memory<byte> sector)
    {
        try
        {
            return read(sector, _at);
        }
        catch (IOException)
        {
            sector.Span.Clear();
            unreadable(_at, sector.Length);
            return sector.Length;
        }
    }
}
