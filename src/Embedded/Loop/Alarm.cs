namespace VirtEngine.DR.Embedded.Loop;

/// <summary>Wakes the loop when something is due by the machine's time, and now and then under virtual time.</summary>
internal sealed class Alarm : IAsyncDisposable
{
    private static readonly TimeSpan VirtualGlance = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private readonly EngineLoop _loop;
    private readonly EngineClock _clock;
    private readonly Timer _timer;
    private int _rung;

    public Alarm(EngineLoop loop, EngineClock clock)
    {
        _loop = loop;
        _clock = clock;
        _timer = new Timer(_ => Ring());
        if (clock.Virtual is not null)
        {
            // Virtual time is looked at now and then even when nothing comes in: for workers that stay silent.
            _timer.Change(VirtualGlance, VirtualGlance);
        }
    }

    /// <summary>Something is due at this time (UTC); null: nothing is.</summary>
    public void Set(DateTime? due)
    {
        if (due is { } next && _clock.Virtual is null)
        {
            var wait = next - _clock.Now;
            _timer.Change(wait <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : wait < Longest ? wait : Longest, Timeout.InfiniteTimeSpan);
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Ring()
    {
        if (Interlocked.Exchange(ref _rung, 1) == 0)
        {
            _loop.Post(_ => Volatile.Write(ref _rung, 0));
        }
    }
}
