namespace VirtEngine.DR.Embedded;

/// <summary>
/// Time that stands still while anybody works and jumps to the next deadline when nobody does: a day's watch ends in a moment. Give it to the engine and to
/// the activities.
/// </summary>
public sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private long _ticks = start.UtcTicks;
    private int _holds;
    private Action? _released;

    /// <summary>Starts on a date that is the same in every run.</summary>
    public VirtualTime()
        : this(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Whether somebody holds the clock.</summary>
    public bool IsHeld => Volatile.Read(ref _holds) > 0;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Keeps the time where it is, and under a seed all tasks on their queues, until the answer is disposed: for a test that starts several things at one time.</summary>
    public IDisposable Hold()
    {
        Interlocked.Increment(ref _holds);
        return new Held(this);
    }

    /// <summary>The engine moves it; never backwards.</summary>
    internal void JumpTo(DateTime time)
    {
        if (time.Ticks > Volatile.Read(ref _ticks))
        {
            Volatile.Write(ref _ticks, time.Ticks);
        }
    }

    internal void OnRelease(Action? released) => Volatile.Write(ref _released, released);

    private sealed class Held(VirtualTime time) : IDisposable
    {
        private int _done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _done, 1) == 0 && Interlocked.Decrement(ref time._holds) == 0)
            {
                Volatile.Read(ref time._released)?.Invoke();
            }
        }
    }
}
