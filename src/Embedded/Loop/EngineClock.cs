namespace VirtEngine.DR.Embedded.Loop;

/// <summary>The engine's time.</summary>
internal sealed class EngineClock(TimeProvider time)
{
    /// <summary>Now (UTC), in whole microseconds, which every form of it can carry.</summary>
    public DateTime Now
    {
        get
        {
            var now = time.GetUtcNow().UtcDateTime;
            return new DateTime(now.Ticks - (now.Ticks % 10), DateTimeKind.Utc);
        }
    }

    public bool IsVirtual { get; }

    public void Advance(EngineLoop loop, EngineState state, Wakeups wakeups)
    {
        _ = (loop, state, wakeups, IsVirtual);
    }
}
