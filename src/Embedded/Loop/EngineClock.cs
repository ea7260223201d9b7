namespace VirtEngine.DR.Embedded.Loop;

/// <summary>The engine's time: the machine's, or a virtual one that jumps when nobody has anything to do.</summary>
internal sealed class EngineClock(TimeProvider provider)
{
    private readonly TimeProvider _time = provider;

    /// <summary>Now (UTC), in whole microseconds, which every form of it can carry.</summary>
    public DateTime Now
    {
        get
        {
            var now = _time.GetUtcNow().UtcDateTime;
            return new DateTime(now.Ticks - (now.Ticks % 10), DateTimeKind.Utc);
        }
    }

    /// <summary>The virtual time; null where it is the machine's.</summary>
    public VirtualTime? Virtual => _time as VirtualTime;
}
