namespace VirtEngine.DR.Embedded.Loop;

/// <summary>Who wants the clock to stand still when everybody is done.</summary>
internal sealed class Pauses
{
    private readonly Lock _lock = new();
    private Func<DateTimeOffset?>? _when;
    private TaskCompletionSource<VirtualPause>? _reached;
    private Action? _poke;
    private int _held;

    /// <summary>Whether the clock stands for somebody.</summary>
    public bool IsHeld => Volatile.Read(ref _held) > 0;

    /// <summary>Whether somebody waits for a pause.</summary>
    public bool IsAsked
    {
        get
        {
            lock (_lock)
            {
                return _reached is not null;
            }
        }
    }

    public Task<VirtualPause> Ask(Func<DateTimeOffset?> when, Action poke)
    {
        lock (_lock)
        {
            if (_reached is not null)
            {
                throw new InvalidOperationException("somebody waits for a pause already");
            }

            (_when, _poke) = (when, poke);
            _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _reached.Task;
        }
    }

    /// <summary>The time that is asked for; null where none is.</summary>
    public DateTime? Next()
    {
        lock (_lock)
        {
            return _when?.Invoke()?.UtcDateTime;
        }
    }

    /// <summary>The clock stands there: whoever asked goes on.</summary>
    public void Begin(bool isOver)
    {
        TaskCompletionSource<VirtualPause>? reached;
        Action? poke;
        lock (_lock)
        {
            (reached, poke, _reached, _when) = (_reached, _poke, null, null);
        }

        if (reached is not null)
        {
            Interlocked.Increment(ref _held);
            reached.SetResult(new VirtualPause(isOver, () =>
            {
                Interlocked.Decrement(ref _held);
                poke?.Invoke();
            }));
        }
    }
}
