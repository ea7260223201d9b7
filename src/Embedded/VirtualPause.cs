namespace VirtEngine.DR.Embedded;

/// <summary>Nobody has anything to do, and the time stands still until this is disposed. Tasks that come up meanwhile are given out.</summary>
public sealed class VirtualPause : IDisposable
{
    private readonly Action _end;
    private int _done;

    internal VirtualPause(bool isOver, Action end)
    {
        IsOver = isOver;
        _end = end;
    }

    /// <summary>Whether nothing would ever happen again by itself: every run has closed, or waits for somebody.</summary>
    public bool IsOver { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _done, 1) == 0)
        {
            _end();
        }
    }
}
