using System.Text;

namespace VirtEngine.DR.Embedded;

/// <summary>
/// Time that stands still while anybody works and jumps to the next deadline when nobody does: a day's watch ends in a moment. Give it to the engine and to
/// the activities.
/// </summary>
public sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private long _ticks = start.UtcTicks;
    private int _holds;
    private long _closed;
    private Action? _poke;

    /// <summary>Starts on a date that is the same in every run.</summary>
    public VirtualTime()
        : this(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Whether somebody holds the clock.</summary>
    public bool IsHeld => Volatile.Read(ref _holds) > 0;

    /// <summary>How many runs have closed.</summary>
    public long RunsClosed => Interlocked.Read(ref _closed);

    /// <summary>How many messages that change a run (start, signal, update, cancel, terminate) the engine has taken in.</summary>
    public long MessagesTaken => Arrivals.Count;

    internal Arrivals Arrivals { get; } = new();

    internal Parks Parks { get; } = new();

    internal Pauses Pauses { get; } = new();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Keeps the time where it is, and under a seed all tasks on their queues, until the answer is disposed: for a test that starts several things at one time.</summary>
    public IDisposable Hold()
    {
        Interlocked.Increment(ref _holds);
        return new VirtualPause(false, () =>
        {
            if (Interlocked.Decrement(ref _holds) == 0)
            {
                Poke();
            }
        });
    }

    /// <summary>
    /// Waits until nobody has anything to do at the time that <paramref name="when"/> names then (now, where that is past); the clock stands there until the answer
    /// is disposed. Where it names none, the answer comes when nothing will ever happen again by itself. One at a time.
    /// </summary>
    /// <exception cref="InvalidOperationException">Somebody waits already.</exception>
    public Task<VirtualPause> PauseAsync(Func<DateTimeOffset?> when)
    {
        ArgumentNullException.ThrowIfNull(when);
        var pause = Pauses.Ask(when, Poke);
        Poke();
        return pause;
    }

    /// <summary>Completes when the engine has taken in this many messages (<see cref="MessagesTaken"/>): under <see cref="Hold"/>, that is how one knows that they are there.</summary>
    public Task TakenAsync(long messages) => Arrivals.UntilAsync(messages);

    /// <summary>
    /// An activity waits for time to pass, or for some run to close. While it waits it counts as heartbeating, and it is awake again before anything else happens
    /// at that time. To miss no run, read <see cref="RunsClosed"/>, look, and wait with what was read.
    /// </summary>
    /// <param name="taskToken">The activity's own task token.</param>
    /// <param name="within">The longest wait.</param>
    /// <param name="runsClosed">Wakes as soon as more runs than these have closed; null: only time counts.</param>
    public Task<VirtualWake> WaitAsync(ReadOnlyMemory<byte> taskToken, TimeSpan within, long? runsClosed = null)
    {
        var now = GetUtcNow();
        var due = within > DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue : now + within;
        var wake = Parks.Wait(Encoding.UTF8.GetString(taskToken.Span), due.UtcDateTime, runsClosed);
        Poke();
        return wake;
    }

    /// <summary>The engine moves it; never backwards.</summary>
    internal void JumpTo(DateTime time)
    {
        if (time.Ticks > Volatile.Read(ref _ticks))
        {
            Volatile.Write(ref _ticks, time.Ticks);
        }
    }

    internal void OnRunClosed() => Interlocked.Increment(ref _closed);

    internal void OnPoke(Action? poke) => Volatile.Write(ref _poke, poke);

    private void Poke() => Volatile.Read(ref _poke)?.Invoke();
}
